// What the details of one of Google's errors say beyond its status. Pure.
import { isObject } from "../core/schema.ts";

export type GoogleDetails = {
  /** Why, in words for programs: `API_KEY_INVALID`. */
  readonly reasons: readonly string[];
  readonly retryAfterMs: number | undefined;
};

/** `details` of an error body: a list of messages of different kinds (wire: google.rpc.Status). */
export function googleDetails(details: unknown): GoogleDetails {
  const messages = Array.isArray(details) ? details.filter(isObject) : [];
  const ofKind = (kind: string) =>
    messages.filter(({ "@type": type }) => type === `type.googleapis.com/google.rpc.${kind}`);
  const reasons = ofKind("ErrorInfo").flatMap(({ reason }) =>
    typeof reason === "string" ? [reason] : []
  );
  return { reasons, retryAfterMs: milliseconds(ofKind("RetryInfo")[0]?.["retryDelay"]) };
}

/** Seconds as Google writes a duration: `17s`, `1.5s`. */
function milliseconds(duration: unknown): number | undefined {
  const [, seconds] = typeof duration === "string"
    ? /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(duration) ?? []
    : [];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1000);
}
