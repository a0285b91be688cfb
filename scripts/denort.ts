// Gets the runtime that `deno compile` puts in front of a program, where the official download is
// out of reach: cuts it out of npm packages whose executables `deno compile` 2.7.11 made itself.
//
// A compiled executable for Linux is the runtime's ELF file with the program appended; one for
// Windows is the runtime's PE file with the program in a last section of its own. One for macOS
// has the program in the midst of it, and is not cut here. The hashes are pinned from those
// packages, not from an official release: a build that ships uses the official runtime
// (compile.ts --official).
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** The version of the runtime, and so of the compiler that must be used with it. */
export const DENORT_VERSION = "2.7.11";

type Source = {
  /** Rust target triple. */
  readonly target: string;
  readonly package: string;
  readonly executable: string;
  /** Bytes of the runtime, after the cut. */
  readonly size: number;
  readonly sha256: string;
};

const SOURCES: readonly Source[] = [
  {
    target: "x86_64-unknown-linux-gnu",
    package: "@stdy/cli-linux-x64@0.22.2",
    executable: "package/bin/steady",
    size: 97_076_048,
    sha256: "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6",
  },
  {
    target: "aarch64-unknown-linux-gnu",
    package: "@stdy/cli-linux-arm64@0.22.2",
    executable: "package/bin/steady",
    size: 90_596_104,
    sha256: "9c888d915647ff971a497acd39ee45ea63da5f19d12d4363124942c257c055ef",
  },
  {
    target: "x86_64-pc-windows-msvc",
    package: "@stdy/cli-win32-x64@0.22.2",
    executable: "package/bin/steady.exe",
    size: 95_440_896,
    sha256: "714afa06b9aa9eae56bcb97b22e832c4325272b5fb735a8207146c2b23868d0b",
  },
];

/** Returns the path of a verified runtime for a Rust target triple. Makes it on the first call. */
export async function denort(target: string): Promise<string> {
  const source = SOURCES.find((source) => source.target === target);
  if (source === undefined) {
    const known = SOURCES.map((source) => source.target).join(", ");
    throw new Error(
      `Cannot get denort for ${target}: sources exist for ${known}; use --official for others`,
    );
  }
  const folder = join(
    Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache"),
    "sheath",
    `denort-${DENORT_VERSION}`,
  );
  const path = join(folder, `denort-${target}`);
  if (await isGood(path, source)) return path;

  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), "denort-"));
  try {
    const runtime = runtimeOf(await readFile(await unpack(work, source)));
    check(runtime, source);
    // Write beside the target, then rename: a reader never sees half a file.
    const draft = `${path}.${Deno.pid}`;
    await writeFile(draft, runtime);
    await chmod(draft, 0o755);
    await rename(draft, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path;
}

/** Downloads (or takes from the npm cache) and unpacks; returns the executable. */
async function unpack(work: string, source: Source): Promise<string> {
  const tarball = await run("npm", [
    "pack",
    "--loglevel=error",
    "--prefer-offline",
    "--fetch-retries=1",
    "--pack-destination",
    work,
    source.package,
  ]);
  await run("tar", ["-xzf", join(work, tarball.trim()), "-C", work]);
  return join(work, source.executable);
}

function runtimeOf(executable: Uint8Array): Uint8Array {
  const view = new DataView(executable.buffer, executable.byteOffset, executable.byteLength);
  // "\x7fELF", 64 bit, little endian
  const isElf = view.getUint32(0) === 0x7f454c46 && view.getUint16(4) === 0x0201;
  if (isElf) return executable.subarray(0, elfEnd(view));
  if (view.getUint16(0) === 0x4d5a) return executable.subarray(0, dropProgram(view)); // "MZ"
  throw new Error("Cannot cut denort: neither a 64-bit little-endian ELF file nor a PE file");
}

/** Offset of the first byte after the section header table. */
function elfEnd(view: DataView): number {
  const offset = Number(view.getBigUint64(40, true)); // e_shoff
  const size = view.getUint16(58, true); // e_shentsize
  const count = view.getUint16(60, true); // e_shnum
  return offset + size * count;
}

/**
 * Takes the last section out of a PE file's headers and returns where it begins. Left in place, it
 * would be given a longer program and keep its old size in memory.
 */
function dropProgram(view: DataView): number {
  const header = view.getUint32(60, true); // e_lfanew
  const count = view.getUint16(header + 6, true); // NumberOfSections
  const optional = header + 24;
  const last = optional + view.getUint16(header + 20, true) + (count - 1) * 40;
  if (view.getBigUint64(last) !== 0x2e70656461746100n) { // ".pedata\0"
    throw new Error("Cannot cut denort: the last section is not the compiler's");
  }
  const address = view.getUint32(last + 12, true); // VirtualAddress
  const offset = view.getUint32(last + 20, true); // PointerToRawData
  for (let at = last; at < last + 40; at++) view.setUint8(at, 0);
  view.setUint16(header + 6, count - 1, true);
  view.setUint32(optional + 56, address, true); // SizeOfImage
  view.setBigUint64(optional + 128, 0n); // the resource directory, which was that section
  return offset;
}

function check(runtime: Uint8Array, source: Source): void {
  const sha256 = createHash("sha256").update(runtime).digest("hex");
  if (runtime.length === source.size && sha256 === source.sha256) return;
  throw new Error(
    `Cannot trust denort from ${source.package}: got ${runtime.length} bytes, ` +
      `sha256 ${sha256}; expected ${source.size} bytes, sha256 ${source.sha256}`,
  );
}

async function isGood(path: string, source: Source): Promise<boolean> {
  try {
    if ((await stat(path)).size !== source.size) return false;
    check(await readFile(path), source);
    return true;
  } catch {
    return false; // absent or damaged: make it again
  }
}

async function run(command: string, args: string[]): Promise<string> {
  let result: Deno.CommandOutput;
  try {
    result = await new Deno.Command(command, { args }).output();
  } catch (cause) {
    throw new Error(`Cannot run ${command}: is it installed?`, { cause });
  }
  const decoder = new TextDecoder();
  if (!result.success) {
    throw new Error(
      `Cannot get denort: ${command} ${args.join(" ")} ended with ` +
        `${result.code}\n${decoder.decode(result.stderr)}`,
    );
  }
  return decoder.decode(result.stdout);
}
