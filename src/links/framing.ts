// The contract of how texts become bytes and bytes texts. Members: line_framing, web_socket_framing.
import type { ByteBuffer } from "../base/byte_buffer.ts";

/** One end of one connection: it remembers what came before. */
export interface Framing {
  /**
   * The texts that `chunk` completes, however the stream was cut; bytes that have to be answered
   * are answered into `replies`. Throws when the peer breaks the rules: then only `end` is left.
   */
  read(chunk: Uint8Array, replies: ByteBuffer): Iterable<string>;
  /** True once the peer has said that it will send no more. */
  readonly isOver: boolean;
  /** Appends one text. Throws a WorkerError `limit` if it is longer than a peer would take. */
  write(text: string, out: ByteBuffer): void;
  /** Appends the goodbye, which also tells a peer that broke the rules. */
  end(out: ByteBuffer): void;
}
