// Read: shows a text file with line numbers, or what is in a folder.
import { readdir } from "node:fs/promises";
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import type { ToolResult } from "../core/tool_result.ts";
import { withFileErrors } from "./file_error.ts";
import { expectPath, type FoundPath } from "./found_path.ts";
import { readInput, wholeNumber } from "./input.ts";
import { LineWindow } from "./line_window.ts";
import { pathField, shown } from "./path_text.ts";
import { RegularFile } from "./regular_file.ts";
import type { HandsTool } from "./tool.ts";
import type { World } from "./world.ts";

const DEFAULT_LINES = 2000;
/** With what stands around the lines a result stays below 256 KiB. */
const MAX_SHOWN_BYTES = 255 * 1024;
const NUMBER_WIDTH = 6;
const MAX_SCANNED_BYTES = 32 * 1024 * 1024;

const input = z.object({
  file_path: pathField(
    "The file or folder to read. Absolute, or relative to the current folder.",
  ),
  offset: z.optional(
    wholeNumber("The line to start at; the first line is 1. Default 1.", { least: 0 }),
  ),
  limit: z.optional(
    wholeNumber(`How many lines to show. Default ${DEFAULT_LINES}.`, { least: 1 }),
  ),
});

export const readTool: HandsTool = {
  name: "Read",
  runs: "hands",
  description:
    `Shows a text file, each line as its number, a tab and the text; the number is not part of \
the file. Reading a file is required before it can be changed with Write or Edit. Shows up to \
${DEFAULT_LINES} lines and 255 KiB a call; when there is more, the last line of the result says \
how to go on with offset. Only the first 32 MiB of a file can be shown; use Grep to find the \
place in a long one. For a folder it lists the names in it, folders with a trailing slash. \
Binary files are not shown; pipes, devices and sockets are refused.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInput(input, raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, world, signal) {
    const { file_path, offset = 1, limit = DEFAULT_LINES } = readInput(input, raw);
    signal.throwIfAborted();
    const { roots, files } = world;
    const found = await expectPath(files.resolve(file_path), roots);
    const range = { first: Math.max(offset, 1), maxLines: limit };
    const result = await withFileErrors(
      { access: "read", path: found.named, roots },
      () =>
        found.info.isDirectory() ? listing(found, range) : numbered(found, range, world, signal),
    );
    return success(result);
  },
};

type Range = { readonly first: number; readonly maxLines: number };

function success(result: string): ToolResult {
  return { success: true, result, display_preference: "Collapsible" };
}

async function listing({ path, named }: FoundPath, { first, maxLines }: Range): Promise<string> {
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  if (names.length === 0) return "[Empty folder]";
  if (first > names.length) throw pastEnd(named, first, names.length);
  const last = Math.min(first - 1 + maxLines, names.length);
  const shownNames = names.toSorted().slice(first - 1, last);
  return [...shownNames, ...notice({ first, last, total: names.length })].join("\n");
}

async function numbered(
  found: FoundPath,
  range: Range,
  { roots, files }: World,
  signal: AbortSignal,
): Promise<string> {
  await using file = await RegularFile.open(found, roots);
  const window = new LineWindow({
    ...range,
    maxBytes: MAX_SHOWN_BYTES,
    bytesPerLine: NUMBER_WIDTH + 1,
  });
  for await (const chunk of file.chunks(MAX_SCANNED_BYTES, signal)) {
    window.push(chunk);
    if (window.hasNul) break;
  }
  files.markRead(file.path, file.stamp);
  if (window.hasNul) return "[Binary file omitted]";
  return render(window, { ...range, named: found.named, size: file.stamp.size });
}

function render(
  window: LineWindow,
  { first, named, size }: Range & { readonly named: string; readonly size: number },
): string {
  const unscanned = size > MAX_SCANNED_BYTES
    ? [`[TRUNCATED] The file is ${size} bytes; only its first ${MAX_SCANNED_BYTES} were looked at.`]
    : [];
  const { total } = window;
  if (total === 0) return "[Empty file]";
  const lines = window.lines();
  if (lines.length === 0) throw pastEnd(named, first, total);
  const last = first + lines.length - 1;
  const rows = lines.map((line, index) =>
    `${String(first + index).padStart(NUMBER_WIDTH)}\t${line}`
  );
  const more = window.isCut
    ? [`[TRUNCATED] Line ${last} is shown in part: the result is limited to 255 KiB.`]
    : [];
  return [...rows, ...more, ...notice({ first, last, total }), ...unscanned].join("\n");
}

function notice(
  { first, last, total }: { readonly first: number; readonly last: number; readonly total: number },
): string[] {
  if (last >= total) return [];
  const next = `Continue with offset=${last + 1}`;
  return [`[TRUNCATED] Showing lines ${first}-${last} of ${total}. ${next}`];
}

function pastEnd(path: string, first: number, total: number): WorkerError {
  const line = `offset: ${shown(path)} has ${total} lines, expected at most that, got ${first}`;
  return new WorkerError("bad_input", line);
}
