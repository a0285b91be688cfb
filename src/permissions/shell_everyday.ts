// Commands that belong to editing: what the mode acceptEdits lets pass when nothing else speaks against.
import type { Word } from "./shell_word.ts";

const FILE_PROGRAMS = new Set([
  ...["cat", "chmod", "chown", "cp", "echo", "ls", "mkdir", "mv", "pwd", "touch"],
]);

/** Any of their subcommands runs what the project says. */
const BUILD_PROGRAMS = new Set(["cargo", "npm"]);

const GIT_SUBCOMMANDS = new Set([
  ...["add", "blame", "branch", "checkout", "commit", "describe", "diff", "fetch", "grep"],
  ...["init", "log", "ls-files", "merge", "mv", "pull", "reflog", "restore", "rev-parse"],
  ...["shortlog", "show", "stash", "status", "switch", "tag"],
]);

/** `program` as it was written: one in a folder of the project's is not the system's. */
export function isEverydayCommand(program: string, args: readonly Word[]): boolean {
  const name = program.replace(/^\/(usr\/)?bin\//, "");
  if (FILE_PROGRAMS.has(name) || BUILD_PROGRAMS.has(name)) return true;
  return name === "git" && GIT_SUBCOMMANDS.has(args[0]?.text ?? "");
}
