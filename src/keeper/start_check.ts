// Why a program cannot be started, found out before the shell in front of it would say it worse.
import { type Stats, statSync } from "node:fs";
import type { Start } from "./messages.ts";

/** The kernel takes 131,072 bytes for one argument. */
const MAX_ARGUMENT_BYTES = 100_000;

/** One line for the model; undefined when nothing speaks against a start. */
export function whyNotStarted({ argv, cwd }: Start): string | undefined {
  const why = wrongArgument(argv) ?? wrongFolder(cwd) ?? wrongProgram(argv[0]);
  return why && `Cannot start ${JSON.stringify(argv[0].slice(0, 200))}: ${why}`;
}

function wrongArgument(argv: readonly string[]): string | undefined {
  if (argv.some((argument) => argument.includes("\0"))) return "command holds a NUL character";
  const encoder = new TextEncoder();
  const most = Math.max(...argv.map((argument) => encoder.encode(argument).length));
  if (most <= MAX_ARGUMENT_BYTES) return undefined;
  return `command is ${most} bytes, expected at most ${MAX_ARGUMENT_BYTES}`;
}

function wrongFolder(cwd: string): string | undefined {
  if (cwd.includes("\0")) return "folder holds a NUL character";
  const stats = look(cwd);
  if (stats === undefined) return `folder ${JSON.stringify(cwd)} does not exist`;
  return stats.isDirectory() ? undefined : `${JSON.stringify(cwd)} is not a folder`;
}

function wrongProgram(path: string): string | undefined {
  if (!path.startsWith("/")) return "expected an absolute path";
  const stats = look(path);
  if (stats === undefined) return "no such program";
  return stats.isFile() && (stats.mode & 0o111) !== 0 ? undefined : "not executable";
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined; // not there, or behind a folder we may not enter
  }
}
