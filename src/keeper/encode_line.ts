// A message to or from the keeper as a line; reading one is messages.ts's, which loads schemas.
import type { Setup, ToHands, ToKeeper } from "./messages.ts";

/** A message as a line, newline and all. */
export function encodeLine(message: Setup | ToKeeper | ToHands): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(message)}\n`);
}
