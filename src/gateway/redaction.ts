// Takes secrets out of what leaves the gateway, in every simple spelling, however it is cut.
import { Buffer } from "node:buffer";
import { matchAt, type Word, wordOf } from "./escaped_word.ts";

/** A shorter text is no secret: taking it out would only garble answers. */
const SHORTEST_SECRET = 6;
const MARK = "[redacted]";

/**
 * Finds secrets as they are, in hex and in base64 (whatever stands before them), and each of these
 * with any of its characters escaped as in a URL or in JSON.
 */
export class Redactor {
  /** Longest first, so that no spelling is cut up by a shorter one inside it. */
  readonly #words: readonly Word[];
  /** Whether a word can begin with the byte. */
  readonly #begins = new Uint8Array(256);

  constructor(secrets: readonly string[]) {
    const texts = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(spellings);
    this.#words = [...new Set(texts)].sort((a, b) => b.length - a.length).map(wordOf);
    for (const { firsts } of this.#words) for (const first of firsts) this.#begins[first] = 1;
  }

  get isIdle(): boolean {
    return this.#words.length === 0;
  }

  redact(text: string): string {
    return this.#scan(text, { isWhole: true }).clean;
  }

  /** The same for a body: holds back only what may be the start of a secret. */
  stream(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    let rest = "";
    // One character a byte: a body may be cut inside a character.
    return new TransformStream({
      transform: (chunk, controller) => {
        const text = rest + Buffer.from(chunk).toString("latin1");
        const { clean, held } = this.#scan(text, { isWhole: false });
        rest = held;
        if (clean !== "") controller.enqueue(Buffer.from(clean, "latin1"));
      },
      flush: (controller) => {
        if (rest !== "") controller.enqueue(Buffer.from(this.redact(rest), "latin1"));
      },
    });
  }

  /** `held` is an end of the text that may be the start of a secret, if more may come. */
  #scan(
    text: string,
    { isWhole }: { readonly isWhole: boolean },
  ): { readonly clean: string; readonly held: string } {
    let clean = "";
    let from = 0;
    for (let at = 0; at < text.length; at++) {
      if (this.#begins[text.charCodeAt(at)] !== 1) continue;
      const found = this.#longestAt(text, at);
      if (found === "begun" && !isWhole) {
        return { clean: clean + text.slice(from, at), held: text.slice(at) };
      }
      if (typeof found === "string") continue;
      clean += text.slice(from, at) + MARK;
      from = found;
      at = found - 1;
    }
    return { clean: clean + text.slice(from), held: "" };
  }

  #longestAt(text: string, at: number): number | "begun" | "none" {
    const found = this.#words.map((word) => matchAt(text, at, word));
    return found.find((end) => typeof end === "number") ??
      (found.includes("begun") ? "begun" : "none");
  }
}

/** A secret and its encodings, one character a byte. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => base64Core(bytes, offset));
  const urlSafe = base64.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  const hex = bytes.toString("hex");
  return [bytes.toString("latin1"), hex, hex.toUpperCase(), ...base64, ...urlSafe];
}

/** The characters of base64 that the secret alone decides when `offset` bytes stand before it. */
function base64Core(bytes: Buffer, offset: number): string {
  const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
  return text.slice(Math.ceil(offset * 8 / 6), Math.floor((offset + bytes.length) * 8 / 6));
}
