import { strict as assert } from "node:assert";
import type { AttackCase, Observation } from "../../src/corpus/attack_case.ts";
import { verdictOf, type Views } from "../../src/corpus/run_corpus.ts";

const CASE: AttackCase = { name: "a", row: 1, layer: "landlock", attack: () => [] };
const SEEN: Observation = {
  outputs: [{ tool: "Bash", stdout: "", stderr: "Permission\n denied", ms: 1, isDone: false }],
  contacts: [],
  outside: [],
  planted: [],
  inside: [],
  isDecoyGone: false,
  isBeating: false,
  end: undefined,
};
const quiet = { seen: SEEN, sign: undefined };
const loud = { seen: SEEN, sign: "it got out" };

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
  "there are no commands": [
    { level: "deno", control: loud, caged: quiet },
    "not run",
    "commands are not offered at level deno",
  ],
};

for (const [what, [views, verdict, evidence]] of Object.entries(VERDICTS)) {
  Deno.test(`verdictOf() is "${verdict}" when ${what}`, () => {
    assert.deepEqual(verdictOf(CASE, views), { verdict, evidence });
  });
}

Deno.test("verdictOf() counts nothing below the level a case needs, and tells what is open there", () => {
  const needy: AttackCase = { ...CASE, needs: "namespace" };
  const result = verdictOf(needy, { level: "kernel", control: loud, caged: loud });
  assert.deepEqual(result, {
    verdict: "not run",
    evidence: "needs level namespace, in force is kernel; open here: it got out",
  });
});

Deno.test("verdictOf() tells what is known to be open from a leak, and from what is contained", () => {
  const bound = { ...CASE, bound: "the guard does not look there" };
  const views = { level: "kernel", control: loud } as const;
  assert.deepEqual(verdictOf(bound, { ...views, caged: loud }), {
    verdict: "known open",
    evidence: "the guard does not look there; it got out",
  });
  assert.equal(verdictOf(bound, { ...views, caged: quiet }).verdict, "contained");
});
