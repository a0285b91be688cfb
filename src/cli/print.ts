// Plain lines on the standard streams, for what is said before or beside a run's own view.
import { printable } from "../host/printable.ts";

/** One line on stderr. */
export function printLine(line: string): void {
  writeAll(Deno.stderr, `${printable(line)}\n`);
}

/** A result on stdout, as it is. */
export function printResult(text: string): void {
  writeAll(Deno.stdout, text);
}

function writeAll(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += stream.writeSync(bytes.subarray(done));
}
