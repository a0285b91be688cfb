// Lesson: every attack of the corpus, which people run by `sheath doctor --attack`, is contained by the
// program as shipped, by its kernel layers alone, and by its runtime alone as far as that claims to.
import { strict as assert } from "node:assert";
import { chmodSync, chownSync, copyFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import * as z from "zod";
import { LAYERS, VERDICTS } from "../../src/corpus/attack_case.ts";
import { CASES } from "../../src/corpus/cases.ts";
import { DIRECT_CASES } from "../../src/corpus/direct_cases.ts";
import { LEVELS } from "../../src/grants/level.ts";
import { SHEATH } from "../support/binary.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { variantBuild } from "../support/probe_build.ts";

/** What the whole corpus may take, on a machine that does other things as well. */
const MOST_MS = 120_000;
/** `nobody`, everywhere. */
const UNPRIVILEGED = 65534;

const reportSchema = z.object({
  level: z.enum(LEVELS),
  results: z.array(z.object({
    name: z.string(),
    row: z.number(),
    layer: z.enum(LAYERS),
    verdict: z.enum(VERDICTS),
    evidence: z.string(),
  })),
});
type Report = z.output<typeof reportSchema>;

Deno.test("the cases have names of their own", () => {
  const names = [...CASES, ...DIRECT_CASES].map(({ name }) => name);
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
});

Deno.test("the corpus as shipped", async (t) => {
  using ground = new Playground();
  const { code, report } = await attack(SHEATH, { ground });
  await assertContained(t, report);
  assert.equal(code, 0);
});

Deno.test("the corpus with the kernel layers alone", async (t) => {
  using ground = new Playground();
  const { report } = await attack(await variantBuild("kernel-only"), { ground });
  assert.equal(report.level, "kernel");
  await assertContained(t, report);
});

Deno.test("the corpus with the runtime's permissions alone, where there are no commands", async (t) => {
  using ground = new Playground();
  const { report } = await attack(await variantBuild("deno-only"), { ground });
  assert.equal(report.level, "deno");
  await assertContained(t, report);
  const tried = report.results.filter(({ verdict }) => verdict === "contained");
  assert.ok(tried.some(({ layer }) => layer === "deno"));
});

Deno.test("the corpus as a user without rights", async (t) => {
  if (process.getuid?.() !== 0) return; // as shipped it ran as one already
  using ground = new Playground();
  // Where that user can read and run it.
  const program = join(ground.root, "sheath");
  copyFileSync(SHEATH, program);
  for (const path of [ground.root, program]) chmodSync(path, 0o755);
  for (const path of [ground.tmp, ground.home, ground.state]) {
    chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  }
  const { report } = await attack(program, { ground, uid: UNPRIVILEGED });
  await assertContained(t, report);
});

type AttackOptions = { readonly ground: Playground; readonly uid?: number };

async function attack(
  program: string,
  { ground, uid }: AttackOptions,
): Promise<{ readonly code: number; readonly report: Report }> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: ["doctor", "--attack", "--json"],
    clearEnv: true,
    env: ground.variables,
    cwd: "/",
    ...(uid === undefined ? {} : { uid, gid: uid }),
    signal: AbortSignal.timeout(MOST_MS),
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(code === 0 || code === 1, `${code}: ${new TextDecoder().decode(stderr)}`);
  assert.deepEqual(filesUnder(ground.tmp), [], "left behind");
  return { code, report: reportSchema.parse(JSON.parse(text)) };
}

/** A step for each case; what could not be tried says so in its name. */
async function assertContained(t: Deno.TestContext, { results }: Report): Promise<void> {
  assert.equal(results.length, CASES.length + DIRECT_CASES.length + 1);
  for (const { name, row, verdict, evidence } of results) {
    const title = `row ${row}: ${name}${
      verdict === "contained" ? "" : ` (${verdict}: ${evidence})`
    }`;
    await t.step(title, () => assert.notEqual(verdict, "leaked", evidence));
  }
}
