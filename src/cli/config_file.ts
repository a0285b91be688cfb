// A configuration file as the file system has it: opened without waiting, and only if nobody else
// could have written it, since it names programs to run and where keys go.
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { messageOf, WorkerError } from "../core/errors.ts";
import { type Config, type ConfigTextOptions, parseConfig } from "./config_text.ts";
import { userId } from "./user.ts";

const MAX_BYTES = 64 * 1024;

/** @throws WorkerError `bad_input` with the path and what is wrong. */
export function readConfigFile(path: string, { home }: Pick<ConfigTextOptions, "home">): Config {
  const bad = (why: string, cause?: unknown) =>
    new WorkerError("bad_input", `Cannot use "${path}": ${why}`, { cause });
  let file: number | undefined;
  try {
    // A pipe would be waited for.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const flaw = flawOf(fstatSync(file), path);
    if (flaw !== undefined) throw bad(flaw);
    const bytes = readUpTo(file, MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) throw bad(TOO_LARGE);
    return parseConfig(bytes, { path, home });
  } catch (thrown) {
    if (thrown instanceof WorkerError) throw thrown;
    throw bad(isMissing(thrown) ? "no such file" : messageOf(thrown), thrown);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const TOO_LARGE = `larger than ${MAX_BYTES / 1024} KiB`;

function flawOf(stats: Stats, path: string): string | undefined {
  if (!stats.isFile()) return "not a regular file";
  if (stats.size > MAX_BYTES) return TOO_LARGE;
  if (Deno.build.os === "windows") return undefined;
  if (stats.uid !== userId() && stats.uid !== 0) return "it belongs to another user";
  if ((stats.mode & 0o022) === 0) return undefined;
  return `others may write it, and it may name programs to run: chmod go-w ${shellWord(path)}`;
}

function shellWord(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function readUpTo(file: number, most: number): Uint8Array {
  const buffer = new Uint8Array(most);
  let size = 0;
  for (let got = -1; got !== 0 && size < most; size += got) {
    got = readSync(file, buffer, size, most - size, null);
  }
  return buffer.subarray(0, size);
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}
