// Names that make other programs run or trust something: file tools never write them, whether
// they exist or not. One table, for every layer that keeps to it.
import { foldedCase, HERE, namesIn, type PathSystem } from "../base/path_system.ts";

/**
 * Each row is a name, or names below each other, wherever it stands inside a granted folder;
 * what lies below it is protected too.
 */
export const PROTECTED_NAMES: readonly (readonly string[])[] = [
  [".git", "hooks"],
  [".git", "config"],
  [".git", "config.worktree"],
  [".git", "info"],
  [".git", "commondir"],
  [".git", "modules"],
  [".git", "worktrees"],
  [".gitmodules"],
  [".gitconfig"],
  [".husky"],
  [".mcp.json"],
  [".vscode"],
  [".idea"],
  [".claude"],
  [".codex"],
  [".gemini"],
  [".agents"],
  [".sheath"],
  [".bamboo"],
  [".envrc"],
  [".profile"],
  [".bashrc"],
  [".bash_profile"],
  [".bash_login"],
  [".bash_logout"],
  [".bash_aliases"],
  [".zshrc"],
  [".zshenv"],
  [".zprofile"],
  [".zlogin"],
  [".zlogout"],
  [".kshrc"],
  [".cshrc"],
  [".tcshrc"],
  [".login"],
  [".logout"],
  [".inputrc"],
];

/** Read by Windows itself, as soon as somebody looks into their folder, or by its shell. */
const WINDOWS_NAMES: readonly string[] = [
  "desktop.ini",
  "autorun.inf",
  "profile.ps1",
  "microsoft.powershell_profile.ps1",
  "microsoft.vscode_profile.ps1",
];
const WINDOWS_ENDINGS = /\.(?:lnk|url|pif|scf|library-ms|search-ms|searchconnector-ms)$/;

/** Protected itself, but not what lies below: as a file it names a repository elsewhere. */
const PROTECTED_FILES: readonly string[] = [".git"];

/**
 * The protected name that `path` is or lies below, as the table has it. Only a name that ends
 * inside one of `roots` counts: what a grant itself names was meant. All paths are normalised.
 */
export function protectedNameIn(
  path: string,
  roots: readonly string[],
  system: PathSystem = HERE,
): string | undefined {
  const names = componentsOf(path, system);
  const outer = Math.min(
    ...roots.map((root) => componentsOf(root, system)).filter((root) => startsWith(names, root))
      .map(({ length }) => length),
  );
  const last = names.at(-1);
  if (system === "windows") {
    const found = names.slice(outer).find(isWindowsName);
    if (found !== undefined) return found;
  }
  const file = PROTECTED_FILES.find((name) => name === last && names.length > outer);
  return file ?? PROTECTED_NAMES.find((row) => holds(names, row, outer))?.join("/");
}

function holds(names: readonly string[], row: readonly string[], outer: number): boolean {
  return names.some((_, at) =>
    at + row.length > outer && row.every((name, index) => names[at + index] === name)
  );
}

function startsWith(names: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => names[index] === name);
}

function isWindowsName(name: string): boolean {
  return WINDOWS_NAMES.includes(name) || WINDOWS_ENDINGS.test(name);
}

function componentsOf(path: string, system: PathSystem): string[] {
  const names = namesIn(path, system).map(folded);
  return system === "windows" ? names.map(foldedCase) : names;
}

/** The name as file systems that ignore case, invisible characters or final dots see it. */
export function folded(name: string): string {
  const visible = name.normalize("NFKC").replace(/\p{Default_Ignorable_Code_Point}/gu, "");
  return visible.toLowerCase().replace(/[. ]+$/, "");
}
