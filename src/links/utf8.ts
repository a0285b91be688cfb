// Texts as UTF-8 bytes, without an allocation for each small one.
const SCRATCH_BYTES = 64 * 1024;

export class Utf8Encoder {
  readonly #encoder = new TextEncoder();
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);

  /** The bytes of `text`, good until the next call. */
  encode(text: string): Uint8Array {
    // A UTF-16 unit takes at most three bytes.
    if (text.length * 3 > SCRATCH_BYTES) return this.#encoder.encode(text);
    const { written } = this.#encoder.encodeInto(text, this.#scratch);
    return this.#scratch.subarray(0, written);
  }
}
