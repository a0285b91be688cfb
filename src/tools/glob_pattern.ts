// Glob patterns over path components, matched in time that grows with pattern and path only:
// `*` and `?` inside a name, `[abc]`, `[!a-z]`, `{a,b}`, and `**` for any number of folders.
import { expandBraces } from "./brace_expansion.ts";
import { matchesName, type NameToken, parseName } from "./name_pattern.ts";

type Part = { readonly type: "folders" } | { readonly type: "name"; readonly tokens: NameToken[] };

/** A pattern that was read; names starting with a dot are like any others. */
export class GlobPattern {
  readonly #alternatives: readonly (readonly Part[])[];

  /** @throws WorkerError `bad_input` for a pattern that is too long, too wide or not complete. */
  constructor(pattern: string) {
    this.#alternatives = expandBraces(pattern).map(parse);
  }

  /** Whether the whole relative path matches, given as its names. */
  matches(names: readonly string[]): boolean {
    return this.in(names.slice(0, -1))(names.at(-1) ?? "");
  }

  /** As `matches`, for the names in one folder. */
  in(folder: readonly string[]): (name: string) => boolean {
    const open = this.#alternatives
      .map((parts) => ({ parts, positions: reached(parts, folder) }))
      .filter(({ positions }) => positions.size > 0);
    return (name) =>
      open.some(({ parts, positions }) => after(parts, { positions, name }).has(parts.length));
  }

  /** Whether something below this folder can match. */
  reaches(folder: readonly string[]): boolean {
    return this.#alternatives.some((parts) =>
      [...reached(parts, folder)].some((position) => position < parts.length)
    );
  }
}

function parse(pattern: string): Part[] {
  return pattern.split("/").filter((name) => name !== "" && name !== ".").map((name) =>
    name === "**" ? { type: "folders" } : { type: "name", tokens: parseName(name) }
  );
}

/** The positions between parts that one can stand at after walking down `names`. */
function reached(parts: readonly Part[], names: readonly string[]): ReadonlySet<number> {
  let positions = withSkipped(parts, new Set([0]));
  for (const name of names) {
    positions = after(parts, { positions, name });
    if (positions.size === 0) break;
  }
  return positions;
}

/** The positions one comes to from these by a name. */
function after(
  parts: readonly Part[],
  { positions, name }: { readonly positions: ReadonlySet<number>; readonly name: string },
): Set<number> {
  const next = new Set<number>();
  for (const position of positions) {
    const part = parts[position];
    if (part?.type === "folders") next.add(position);
    if (part?.type === "name" && matchesName(part.tokens, name)) next.add(position + 1);
  }
  return withSkipped(parts, next);
}

/** `**` also stands for no folder at all. */
function withSkipped(parts: readonly Part[], positions: Set<number>): Set<number> {
  for (const position of positions) { // what is added while walking is walked too
    if (parts[position]?.type === "folders") positions.add(position + 1);
  }
  return positions;
}
