// What a resource means where a permission is asked for, in words for whoever is to say yes.
// Matching acts against it is permissions/rules.ts's; a test holds the two together. Pure.
import { posix } from "node:path";
import { ruledPattern, unruled } from "./ruled_path.ts";
import type { Permission } from "./permission.ts";

/** Undefined for a resource that means itself. `quote` shows a path that is part of the words. */
export function meaningOf(
  permission: Permission,
  resource: string,
  quote: (path: string) => string,
): string | undefined {
  if (resource === "*" || resource === "**/*") return "everything";
  const words = permission === "write_file" ? meaningOfPath(resource, quote) : undefined;
  return words ?? (/[*?]/.test(resource) ? "only exactly this text" : undefined);
}

function meaningOfPath(text: string, quote: (path: string) => string): string | undefined {
  const path = ruledPattern(text);
  if (/^\*\.[^*/]+$/.test(path)) return `every file whose name ends in ${quote(path.slice(1))}`;
  const [, folder, below] = path.match(/^(.*)\/(\*\*?)$/s) ?? [];
  if (folder === undefined) return undefined;
  const where = folder === "" ? "/" : unruled(posix.normalize(folder));
  if (below === "*") return `everything directly in ${quote(where)}`;
  return where === "/" ? "everything" : `everything below ${quote(where)}`;
}
