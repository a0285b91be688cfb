// Builds of the program for tests, by the same steps as the real one: with other entry files for its
// threads, or without some of its layers.
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Variant } from "../../src/sandbox/variant.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROBE = "tests/attack/probe";
const SOURCES = ["src", "scripts", "deno.json", "deno.lock"];
const ENTRIES = ["main.ts", "gateway.ts", "agent.ts", "hands.ts", "spawner.ts"];
/** Entry files that are the probe's own. */
const PROBED = ["main.ts", "gateway.ts", "agent.ts", "hands.ts"];

/** Path of the probe build; made when it is not there or the sources have changed. */
export async function probeBuild(variant: Variant = "shipped"): Promise<string> {
  return await buildCopy(`probe-${variant}`, async (folder) => {
    await cp(join(ROOT, PROBE), join(folder, PROBE), { recursive: true });
    await setVariant(folder, variant);
    // The build's stamp covers entry files and sources: so the probe's state stands in the former.
    const state = await hashOf(join(ROOT, PROBE));
    for (const name of PROBED) {
      await writeFile(join(folder, name), `import "./${PROBE}/${name}"; // ${state}\n`);
    }
  });
}

/** Path of the program made of other layers; made when it is not there or the sources have changed. */
export async function variantBuild(variant: Exclude<Variant, "shipped">): Promise<string> {
  return await buildCopy(variant, (folder) => setVariant(folder, variant));
}

/** `change` is made to a copy of the sources, from which the program is then built. */
async function buildCopy(name: string, change: (folder: string) => Promise<void>): Promise<string> {
  const out = join(ROOT, "dist", name, "sheath");
  const folder = await mkdtemp(join(tmpdir(), "sheath-build-"));
  try {
    for (const source of [...SOURCES, ...ENTRIES]) {
      await cp(join(ROOT, source), join(folder, source), { recursive: true });
    }
    await change(folder);
    await build(folder, out);
    return out;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const SHIPPED = `VARIANT: Variant = "shipped"`;

async function setVariant(folder: string, variant: Variant): Promise<void> {
  const path = join(folder, "src/sandbox/variant.ts");
  const text = await readFile(path, "utf8");
  if (!text.includes(SHIPPED)) throw new Error(`${path} does not hold ${SHIPPED}`);
  await writeFile(path, text.replace(SHIPPED, `VARIANT: Variant = "${variant}"`));
}

async function build(folder: string, out: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--frozen", "scripts/compile.ts", "--quiet", `--out=${out}`],
    cwd: folder,
    env: { DENO_TLS_CA_STORE: "system" },
    stdout: "null",
  }).output();
  if (!success) throw new Error(`Cannot build ${out}: ${new TextDecoder().decode(stderr)}`);
}

async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(folder)).sort()) {
    hash.update(name).update("\0").update(await readFile(join(folder, name)));
  }
  return hash.digest("hex");
}
