// Which names below which folder are kept from commands: the table of protected names, told for a
// walk from the top down.
import { folded, PROTECTED_NAMES } from "./protected_names.ts";

/**
 * What of a folder is kept: of a folder of the workspace the names of the table (`open`), of a
 * repository's own folder those that git trusts (`git`), of the repositories inside one the same
 * at any depth (`nested`), or everything (`whole`).
 */
export type Scope = "open" | "git" | "nested" | "whole";

/** Hold repositories, whose commits a command may well make. */
const NESTED = ["modules", "worktrees"];
const OF_GIT = PROTECTED_NAMES.flatMap(([first, second]) =>
  first === ".git" && second !== undefined ? [second] : []
);
const WHOLE: ReadonlySet<string> = new Set(
  PROTECTED_NAMES.flatMap((row) => row.length === 1 ? row : []),
);
const TRUSTED_BY_GIT: ReadonlySet<string> = new Set(
  [...OF_GIT, "gitdir"].filter((name) => !NESTED.includes(name)),
);
/** Where git keeps what it never runs, and much of it. */
const DATA_OF_GIT: ReadonlySet<string> = new Set(["objects", "refs", "logs", "lfs"]);

/** What is kept of `name` in a folder of `scope`; undefined: nothing. */
export function scopeOf(name: string, scope: Scope): Scope | undefined {
  switch (scope) {
    case "whole":
      return "whole";
    case "open":
      return mayBeProtected(name) ? scopeInOpen(folded(name)) : undefined;
    case "git":
      return NESTED.includes(folded(name)) ? "nested" : scopeInGit(name);
    case "nested":
      return DATA_OF_GIT.has(name) ? undefined : scopeInGit(name) ?? "nested";
  }
}

/**
 * Names in the order in which they are recorded: what a command may fill at will comes last, so that
 * it takes no room from the rest.
 */
export function inRecordOrder(names: Iterable<string>, scope: Scope): string[] {
  const fillable = (name: string) => ["git", "nested"].includes(scopeOf(name, scope) ?? "");
  return [...names].sort((a, b) => Number(fillable(a)) - Number(fillable(b)));
}

function scopeInOpen(name: string): Scope | undefined {
  if (name === ".git") return "git";
  return WHOLE.has(name) ? "whole" : undefined;
}

function scopeInGit(name: string): Scope | undefined {
  return TRUSTED_BY_GIT.has(folded(name)) ? "whole" : undefined;
}

/** Most names are told by their first character; `folded` takes its time. */
function mayBeProtected(name: string): boolean {
  return name.startsWith(".") || name.charCodeAt(0) > 0x7f;
}
