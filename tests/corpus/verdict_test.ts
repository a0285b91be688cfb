import { strict as assert } from "node:assert";
import { verdictOf, type View, type Views } from "../../src/corpus/verdict.ts";

const quiet: View = { sign: undefined, told: "Permission\n denied", usesCommands: true };
const loud: View = { ...quiet, sign: "it got out" };

const VERDICTS: Readonly<Record<string, readonly [Views, string, string]>> = {
  "only the control got out": [
    { level: "kernel", control: loud, caged: quiet },
    "contained",
    "Permission denied",
  ],
  "both got out": [{ level: "kernel", control: loud, caged: loud }, "leaked", "it got out"],
  "only the caged one got out": [
    { level: "kernel", control: quiet, caged: loud },
    "leaked",
    "it got out",
  ],
  "neither got out": [
    { level: "kernel", control: quiet, caged: quiet },
    "not applicable",
    "it does not work here without the cage either: Permission denied",
  ],
  "the worker did not get to it": [
    { level: "kernel", control: loud, caged: undefined },
    "not run",
    "the worker did not get to it",
  ],
  "there are no commands, and none is taken": [
    { level: "deno", control: loud, caged: { ...quiet, usesCommands: false } },
    "contained",
    "Permission denied",
  ],
  "there are no commands": [
    { level: "deno", control: loud, caged: quiet },
    "not run",
    "commands are not offered at level deno",
  ],
};

for (const [what, [views, verdict, evidence]] of Object.entries(VERDICTS)) {
  Deno.test(`verdictOf() is "${verdict}" when ${what}`, () => {
    assert.deepEqual(verdictOf({}, views), { verdict, evidence });
  });
}

Deno.test("verdictOf() counts nothing below the level a case needs, and tells what is open there", () => {
  const result = verdictOf({ needs: "namespace" }, { level: "kernel", control: loud, caged: loud });
  assert.deepEqual(result, {
    verdict: "not run",
    evidence: "needs level namespace, in force is kernel; open here: it got out",
  });
});

Deno.test("verdictOf() tells what is known to be open from a leak, and from what is contained", () => {
  const bound = { bound: "the guard does not look there" };
  const views = { level: "kernel", control: loud } as const;
  assert.deepEqual(verdictOf(bound, { ...views, caged: loud }), {
    verdict: "known open",
    evidence: "the guard does not look there; it got out",
  });
  assert.equal(verdictOf(bound, { ...views, caged: quiet }).verdict, "contained");
});
