// Bytes that grow at the end and are taken from the front; knows nothing of what they mean.

const SMALLEST_BYTES = 16 * 1024;
/** A buffer that grew past this is given back when it runs empty. */
const LARGEST_KEPT_BYTES = 4 * 1024 * 1024;

/** A growing run of bytes. What it hands out are views: they hold only until the next change. */
export class ByteBuffer {
  #bytes = new Uint8Array(SMALLEST_BYTES);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Everything in it, as a view. */
  get filled(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Copies `bytes` to the end and returns the copy, as a view. */
  append(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
    return this.#bytes.subarray(this.#end - bytes.length, this.#end);
  }

  /** Takes the first `count` bytes away, at most all. */
  drop(count: number): void {
    this.#start = Math.min(this.#start + count, this.#end);
    if (this.#start === this.#end) this.clear();
  }

  clear(): void {
    this.#start = this.#end = 0;
    if (this.#bytes.length > LARGEST_KEPT_BYTES) this.#bytes = new Uint8Array(SMALLEST_BYTES);
  }

  #makeRoom(count: number): void {
    if (this.#end + count <= this.#bytes.length) return;
    const needed = this.length + count;
    const isMostlyTaken = needed <= this.#bytes.length / 2;
    const target = isMostlyTaken
      ? this.#bytes
      : new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    target.set(this.filled);
    this.#bytes = target;
    this.#end -= this.#start;
    this.#start = 0;
  }
}
