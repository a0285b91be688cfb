// How Grep shows what it found: one line for each hit, with its neighbours if they are wanted.
import { ByteBuffer } from "../base/byte_buffer.ts";

const MAX_SHOWN_CHARACTERS = 2000;
/** With its notes a result stays below 256 KiB. */
const MAX_BYTES = 255 * 1024;

export type FileHits = {
  readonly path: string;
  readonly lines: readonly string[];
  /** Indexes into `lines`. */
  readonly matched: readonly number[];
};

export type ContentStyle = {
  readonly before: number;
  readonly after: number;
  readonly hasNumbers: boolean;
};

/** `path:line:text` for a hit, `path-line-text` for a neighbour, `--` between groups. */
export function contentLines({ path, lines, matched }: FileHits, style: ContentStyle): string[] {
  const { before, after, hasNumbers } = style;
  const hits = new Set(matched);
  const shown: string[] = [];
  let next = 0;
  for (const hit of matched) {
    const first = Math.max(hit - before, next, 0);
    const isApart = before + after > 0 && shown.length > 0 && first > next;
    if (isApart) shown.push("--");
    const end = Math.min(hit + after + 1, lines.length);
    for (let line = first; line < end; line++) {
      const mark = hits.has(line) ? ":" : "-";
      const number = hasNumbers ? `${line + 1}${mark}` : "";
      shown.push(`${path}${mark}${number}${cut(lines[line] ?? "")}`);
    }
    next = Math.max(next, end);
  }
  return shown;
}

/** Collects lines up to the size of a result; those beyond are only counted. */
export class BoundedLines {
  readonly #encoder = new TextEncoder();
  /** As bytes: a line as a string would keep the whole text alive that it was cut from. */
  readonly #kept = new ByteBuffer();
  #omitted = 0;

  add(line: string): void {
    const bytes = this.#encoder.encode(`${line}\n`);
    if (this.#omitted > 0 || this.#kept.length + bytes.length > MAX_BYTES) this.#omitted++;
    else this.#kept.append(bytes);
  }

  /** All lines that fit, then one that says how many did not, then the notes. */
  text(notes: readonly string[]): string {
    const lines = new TextDecoder().decode(this.#kept.filled).split("\n").slice(0, -1);
    const more = `[TRUNCATED] ${this.#omitted} more lines: the result is limited to 255 KiB`;
    return [...lines, ...(this.#omitted > 0 ? [more] : []), ...notes].join("\n");
  }
}

function cut(line: string): string {
  if (line.length <= MAX_SHOWN_CHARACTERS) return line;
  return `${line.slice(0, MAX_SHOWN_CHARACTERS)} [… ${
    line.length - MAX_SHOWN_CHARACTERS
  } more characters]`;
}
