// A process's log as lines, whatever bytes it writes: unlike frames, it may be anything.

/** Longer lines come in pieces of this size. */
const MAX_LINE = 16 * 1024;

/** Calls `onLine` for each line, without its newline, and settles at the end. Never rejects. */
export async function eachLine(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let held = "";
  const take = (text: string) => {
    const lines = (held + text).split("\n");
    held = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    for (; held.length > MAX_LINE; held = held.slice(MAX_LINE)) onLine(held.slice(0, MAX_LINE));
  };
  try {
    for await (const chunk of stream) take(decoder.decode(chunk, { stream: true }));
  } catch {
    // The pipe broke; what came before counts.
  }
  take(decoder.decode());
  if (held !== "") onLine(held);
}
