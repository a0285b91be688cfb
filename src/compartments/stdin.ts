// The spec on stdin, read synchronously: an asynchronous read would leave pool threads behind
// that no later layer binds.
import { WorkerError } from "../core/errors.ts";
import { MAX_SPEC_BYTES } from "../protocol/limits.ts";

const CHUNK_BYTES = 65_536;

/**
 * Everything up to the end of stdin; bad UTF-8 is replaced.
 * @throws WorkerError `bad_input` past 8 MiB or when there is nothing.
 */
export function readSpecText(): string {
  const chunks: Uint8Array[] = [];
  const buffer = new Uint8Array(CHUNK_BYTES);
  let size = 0;
  for (
    let count = Deno.stdin.readSync(buffer);
    count !== null;
    count = Deno.stdin.readSync(buffer)
  ) {
    size += count;
    if (size > MAX_SPEC_BYTES) {
      throw new WorkerError("bad_input", `spec: larger than ${MAX_SPEC_BYTES} bytes`);
    }
    chunks.push(buffer.slice(0, count));
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(all);
  if (/^\s*$/.test(text)) {
    throw new WorkerError("bad_input", "spec: stdin is empty, expected one JSON document");
  }
  return text;
}
