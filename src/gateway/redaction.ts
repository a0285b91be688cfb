// Takes secrets out of what leaves the gateway, in every simple spelling, however it is cut.
import { Buffer } from "node:buffer";

/** A shorter text is no secret: taking it out would only garble answers. */
const SHORTEST_SECRET = 6;
const MARK = "[redacted]";

/** The texts to look for: a secret itself and its common encodings. */
export function spellings(secrets: readonly string[]): string[] {
  const found = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    Buffer.from(secret).toString("hex"),
  ]);
  // Longest first, so that no spelling is cut up by a shorter one inside it.
  return [...new Set(found)].sort((a, b) => b.length - a.length);
}

export function redactText(text: string, needles: readonly string[]): string {
  return needles.reduce((rest, needle) => rest.replaceAll(needle, MARK), text);
}

/** The same for a body: holds back only bytes that may be the start of a secret. */
export class Redaction extends TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  constructor(needles: readonly string[]) {
    const searched = needles.map((needle) => Buffer.from(needle));
    let held = Buffer.alloc(0);
    super({
      transform(chunk, controller) {
        const data = replaceAll(Buffer.concat([held, chunk]), searched);
        const keep = startOfSecret(data, searched);
        held = data.subarray(data.length - keep);
        if (keep < data.length) controller.enqueue(data.subarray(0, data.length - keep));
      },
      flush(controller) {
        if (held.length > 0) controller.enqueue(held);
      },
    });
  }
}

function replaceAll(data: Buffer<ArrayBuffer>, needles: readonly Buffer[]): Buffer<ArrayBuffer> {
  let rest = data;
  for (const needle of needles) {
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = rest.indexOf(needle); at >= 0; at = rest.indexOf(needle, from)) {
      parts.push(rest.subarray(from, at), Buffer.from(MARK));
      from = at + needle.length;
    }
    if (from > 0) rest = Buffer.concat([...parts, rest.subarray(from)]);
  }
  return rest;
}

/** How many bytes at the end of `data` are the beginning of a needle. */
function startOfSecret(data: Buffer, needles: readonly Buffer[]): number {
  const longest = Math.max(0, ...needles.map((needle) => needle.length - 1));
  for (let count = Math.min(longest, data.length); count > 0; count--) {
    const end = data.subarray(data.length - count);
    if (needles.some((needle) => needle.length > count && needle.subarray(0, count).equals(end))) {
      return count;
    }
  }
  return 0;
}
