import { strict as assert } from "node:assert";
import process from "node:process";
import { DIRECT_CASES } from "../../src/corpus/direct_cases.ts";
import { attackDirectlyOpenly } from "../../src/corpus/direct_lane.ts";
import { tempDir } from "../support/temp_dir.ts";
import { hasPrograms } from "../support/machine.ts";
import { filesUnder } from "../support/playground.ts";

Deno.test("attackDirectlyOpenly() sees every attack work where there is no cage", async () => {
  await using tmp = tempDir();
  const cases = DIRECT_CASES.filter(({ row }) => row !== 5 || hasPrograms("curl"));
  const options = { program: Deno.execPath(), tmp: tmp.path, uid: process.getuid?.() ?? 0 };
  const views = await attackDirectlyOpenly(cases, options);
  assert.deepEqual(cases.filter((one) => views.get(one)?.sign === undefined), []);
  assert.deepEqual(filesUnder(tmp.path), [], "left behind");
});

Deno.test("attackDirectlyOpenly() takes an attack that breaks off for one that worked", async () => {
  await using tmp = tempDir();
  const broken = {
    name: "broken",
    row: 1,
    layer: "host",
    attack: () => Promise.reject(new Error("no such thing")),
  } as const;
  const options = { program: Deno.execPath(), tmp: tmp.path, uid: process.getuid?.() ?? 0 };
  const views = await attackDirectlyOpenly([broken], options);
  assert.equal(views.get(broken)?.sign, "it broke off: no such thing");
});
