// One line that says how far the measuring is, for whoever sits before a terminal.
import process from "node:process";

/** Replaces what was shown; an empty text takes it away. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}
