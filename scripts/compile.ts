// Builds the one executable: bundles the five entry files, then compiles what came out.
//
//   deno task compile                                  dist/sheath, with the pinned runtime
//   deno task compile --target=x86_64-pc-windows-msvc --out=dist/sheath.exe
//   deno task compile --official                       with the runtime Deno publishes (release)
//   deno task compile --official --target=aarch64-apple-darwin --out=dist/sheath-macos
//
// A build that would give the same file is skipped; --force builds anyway.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { denort, DENORT_VERSION } from "./denort.ts";

const ENTRIES = ["main.ts", "gateway.ts", "agent.ts", "hands.ts", "spawner.ts"];
/** Under another ending than .wasm, which the compiler would take for modules. */
const SHELL_PARSER = [
  ["shell_core.bin", "web-tree-sitter/web-tree-sitter.wasm"],
  ["shell_language.bin", "tree-sitter-bash/tree-sitter-bash.wasm"],
] as const;
const ROOT = resolve(import.meta.dirname ?? ".", "..");
const MAX_BYTES = 110_000_000;

/** Variables the main thread may read; no other thread, and no tool, sees any. */
const VARIABLES = [
  "ANTHROPIC_API_KEY",
  "APPDATA",
  "COLUMNS",
  "GEMINI_API_KEY",
  "HOME",
  "LOCALAPPDATA",
  "NO_COLOR",
  "OPENAI_API_KEY",
  "PATH",
  "SHEATH_FABRIC",
  "SYSTEMROOT",
  "TEMP",
  "TERM",
  "TMP",
  "TMPDIR",
  "USERPROFILE",
  "XDG_CONFIG_HOME",
  "XDG_RUNTIME_DIR",
  "XDG_STATE_HOME",
];

/** Exactly what the program may do before it narrows itself. Never -A. */
const FLAGS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-run",
  "--allow-ffi",
  `--allow-env=${VARIABLES.join(",")}`,
  "--allow-sys=uid", // whose folders may be trusted
  "--ignore-env", // other variables read as undefined instead of throwing, in every thread
  "--no-prompt", // else a narrowed thread asks on the terminal, and one "A" grants all
  "--no-code-cache", // the cache would be a predictable, shared file in $TMPDIR
  "--unstable-worker-options",
  // Threads that live for seconds gain nothing from the middle compilers and from a large nursery,
  // which take 8 MB together.
  "--v8-flags=--no-sparkplug,--no-maglev,--optimize-for-size,--max-semi-space-size=1",
];

type Options = {
  readonly out: string;
  /** Rust target triple; undefined for this machine. */
  readonly target?: string | undefined;
  /** With the runtime that Deno publishes for this compiler's version. */
  readonly official: boolean;
  readonly force: boolean;
};

/** Returns the size in bytes, or undefined when the file was already up to date. */
export async function compile(options: Options): Promise<number | undefined> {
  const out = resolve(ROOT, options.out);
  const stamp = await stampOf(options);
  if (!options.force && await isCurrent(out, stamp)) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "sheath-compile-"));
  try {
    await bundle(folder);
    for (const [name, source] of SHELL_PARSER) {
      await copyFile(fileURLToPath(import.meta.resolve(source)), join(folder, name));
    }
    // The compiler adds this ending where it is missing.
    const draft = join(folder, options.target?.includes("-windows-") ? "sheath.exe" : "sheath");
    await link(folder, draft, options);
    const { size } = await stat(draft);
    if (size > MAX_BYTES) {
      throw new Error(`Cannot build sheath: ${size} bytes, expected at most ${MAX_BYTES}`);
    }
    await mkdir(dirname(out), { recursive: true });
    await replace(draft, out);
    await writeFile(stampFile(out), stamp);
    return size;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each entry on its own: a thread then loads one file, with nothing in it that it does not use. */
async function bundle(folder: string): Promise<void> {
  for (const name of ENTRIES) {
    await run(process.execPath, [
      "bundle",
      "--quiet",
      "--minify",
      "--code-splitting", // what is imported on demand stays a file of its own
      "--platform=deno",
      `--outdir=${folder}`,
      join(ROOT, name),
    ], { cwd: ROOT });
  }
}

async function link(folder: string, out: string, { official, target }: Options): Promise<void> {
  const files = (await readdir(folder)).filter((name) => /\.(?:js|bin)$/.test(name));
  const [command = "", ...first] = official || Deno.version.deno === DENORT_VERSION
    ? [process.execPath]
    : ["npx", "--yes", `deno@${DENORT_VERSION}`];
  await run(command, [
    ...first,
    "compile",
    "--quiet",
    "--no-check",
    "--no-config",
    "--no-lock",
    "--no-npm", // a bundle that still wants a package fails here, not at run time
    "--no-remote",
    ...FLAGS,
    ...(target ? [`--target=${target}`] : []),
    ...files.filter((name) => name !== "main.js").flatMap((name) => ["--include", name]),
    `--output=${out}`,
    "main.js",
  ], {
    cwd: folder,
    env: official ? {} : { DENORT_BIN: await denort(target ?? Deno.build.target) },
  });
}

/** A running copy keeps its file; the next start finds the new one. */
async function replace(draft: string, out: string): Promise<void> {
  const beside = join(dirname(out), `.${basename(out)}.${process.pid}`);
  await copyFile(draft, beside);
  await rename(beside, out);
}

async function isCurrent(out: string, stamp: string): Promise<boolean> {
  if (!existsSync(out)) return false;
  return await readFile(stampFile(out), "utf8").catch(() => "") === stamp;
}

function stampFile(out: string): string {
  return join(dirname(out), `.${basename(out)}.stamp`);
}

/** A hash over everything that goes into the file. */
async function stampOf({ target, official }: Options): Promise<string> {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([Deno.version.deno, DENORT_VERSION, target ?? "", official]));
  const sources = (await readdir(join(ROOT, "src"), { recursive: true }))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("src", name));
  const scripts = ["scripts/compile.ts", "scripts/denort.ts"];
  const files = [...ENTRIES, "deno.json", "deno.lock", ...scripts, ...sources].sort();
  for (const name of files) hash.update(name).update("\0").update(await readFile(join(ROOT, name)));
  return hash.digest("hex");
}

async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { cwd: string; env?: Record<string, string> },
): Promise<void> {
  const { success, code, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { DENO_TLS_CA_STORE: "system", ...env },
    stdout: "null",
  }).output();
  if (success) return;
  const text = new TextDecoder().decode(stderr);
  throw new Error(`Cannot build sheath: ${command} ${args[0]} ended with ${code}\n${text}`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      out: { type: "string", default: "dist/sheath" },
      target: { type: "string" },
      official: { type: "boolean", default: false },
      force: { type: "boolean", default: false },
      quiet: { type: "boolean", default: false },
    },
  });
  const size = await compile(values);
  if (!values.quiet) {
    const what = size === undefined ? "is up to date" : `${(size / 1e6).toFixed(1)} MB`;
    process.stdout.write(`${values.out} ${what}\n`);
  }
}
