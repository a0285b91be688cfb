// Whether a request that failed never left. The runtime tells it in words alone.

/**
 * For what `fetch` rejected with. Its message holds the stage that failed (hyper's); no address can
 * hold this text, since spaces are escaped there. In words we do not know a request may have left.
 */
export function isKnownUnsent(thrown: unknown): boolean {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return [thrown, cause].some((error) =>
    error instanceof Error && error.message.includes(": client error (Connect): ")
  );
}
