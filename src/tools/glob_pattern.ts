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
    return this.#alternatives.some((parts) => reached(parts, names).has(parts.length));
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
    const next = new Set<number>();
    for (const position of positions) {
      const part = parts[position];
      if (part?.type === "folders") next.add(position);
      if (part?.type === "name" && matchesName(part.tokens, name)) next.add(position + 1);
    }
    positions = withSkipped(parts, next);
    if (positions.size === 0) break;
  }
  return positions;
}

/** `**` also stands for no folder at all. */
function withSkipped(parts: readonly Part[], positions: Set<number>): Set<number> {
  for (const position of positions) { // what is added while walking is walked too
    if (parts[position]?.type === "folders") positions.add(position + 1);
  }
  return positions;
}
