// Who runs this program.

/** The numeric user id; 0 where the system knows none. */
export function userId(): number {
  return Deno.uid() ?? 0;
}
