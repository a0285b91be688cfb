import { strict as assert } from "node:assert";
import { attackText } from "../../src/cli/attack_text.ts";
import type { CaseResult } from "../../src/corpus/attack_case.ts";

const CONTAINED: CaseResult = {
  name: "a",
  row: 1,
  layer: "landlock",
  verdict: "contained",
  evidence: "",
};

Deno.test("attackText() counts by layer and lists what was not run and what leaked", () => {
  const text = attackText({
    level: "kernel",
    results: [
      CONTAINED,
      { ...CONTAINED, name: "b", verdict: "leaked", evidence: "it got out" },
      { ...CONTAINED, name: "c", layer: "seccomp", verdict: "not applicable" },
      { ...CONTAINED, name: "d", verdict: "not run", evidence: "needs level namespace" },
      { ...CONTAINED, name: "e", layer: "guard", verdict: "known open", evidence: "too deep" },
    ],
  });
  assert.equal(
    text,
    `
attacks on workers at level kernel
layer     tried  contained  leaked  open  n/a  not run
hygiene       0          0       0     0    0        0
deno          0          0       0     0    0        0
landlock      2          1       1     0    0        1
seccomp       0          0       0     0    1        0
limits        0          0       0     0    0        0
guard         1          0       0     1    0        0
gateway       0          0       0     0    0        0
socket        0          0       0     0    0        0
grants        0          0       0     0    0        0
host          0          0       0     0    0        0
all           3          1       1     1    1        1

not run:
  d: needs level namespace

known to be open:
  e: too deep

leaked:
  b: it got out

1 of them got out
`,
  );
});

Deno.test("attackText() joins many that were not run for one reason", () => {
  const untried = ["a", "b", "c", "d", "e"].map((name): CaseResult => ({
    ...CONTAINED,
    name,
    verdict: "not run",
    evidence: "no commands",
  }));
  const text = attackText({ level: "deno", results: untried });
  assert.match(text, /\nnot run:\n {2}5 attacks: no commands\n\nnothing else got out\n/);
});
