// Builds the program with other entry files for its threads, by the same steps as the real one.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROBE = "tests/attack/probe";
const ENTRIES = ["main.ts", "gateway.ts", "agent.ts", "hands.ts"];

/** Path of the probe build; made when it is not there or the sources have changed. */
export async function probeBuild(): Promise<string> {
  const out = join(ROOT, "dist/probe/sheath");
  const folder = await mkdtemp(join(tmpdir(), "sheath-probe-"));
  try {
    for (const name of ["src", "scripts", "deno.json", "deno.lock", PROBE]) {
      await cp(join(ROOT, name), join(folder, name), { recursive: true });
    }
    // The build's stamp covers entry files and sources: so the probe's state stands in the former.
    const state = await hashOf(join(ROOT, PROBE));
    for (const name of ENTRIES) {
      await writeFile(join(folder, name), `import "./${PROBE}/${name}"; // ${state}\n`);
    }
    await build(folder, out);
    return out;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string, out: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--frozen", "scripts/compile.ts", "--quiet", `--out=${out}`],
    cwd: folder,
    env: { DENO_TLS_CA_STORE: "system" },
    stdout: "null",
  }).output();
  if (!success) throw new Error(`Cannot make the probe build: ${new TextDecoder().decode(stderr)}`);
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder)).sort()) {
    hash.update(name).update("\0").update(await readFile(join(folder, name)));
  }
  return hash.digest("hex");
}
