import { strict as assert } from "node:assert";
import { diagnose, diagnosisText } from "../../src/cli/diagnosis.ts";
import type { Bubblewrap } from "../../src/sandbox/bubblewrap.ts";
import type { KernelFacts } from "../../src/sandbox/probe.ts";

const FULL: KernelFacts = {
  os: "linux",
  architecture: "x86_64",
  isStandalone: true,
  isLeftOut: false,
  landlockAbi: 7,
  hasSeccomp: true,
};
const WORKS: Bubblewrap = { type: "works", program: "/usr/bin/bwrap" };
const MISSING: Bubblewrap = { type: "missing", why: "bubblewrap is not installed" };

type Row = readonly [KernelFacts, Bubblewrap | undefined, {
  readonly level: string;
  readonly reachable: string;
  readonly missing: readonly string[];
}];

const MACHINES: Readonly<Record<string, Row>> = {
  "everything": [FULL, WORKS, { level: "kernel", reachable: "namespace", missing: [] }],
  "no bubblewrap": [FULL, MISSING, {
    level: "kernel",
    reachable: "kernel",
    missing: ["namespaces"],
  }],
  "a kernel whose signals have no scope": [{ ...FULL, landlockAbi: 5 }, MISSING, {
    level: "kernel",
    reachable: "kernel",
    missing: ["signal scope", "namespaces"],
  }],
  "a kernel without Landlock": [{ ...FULL, landlockAbi: 0 }, WORKS, {
    level: "deno",
    reachable: "deno",
    missing: ["landlock", "signal scope"],
  }],
  "a run from source": [{ ...FULL, isStandalone: false }, WORKS, {
    level: "deno",
    reachable: "deno",
    missing: ["landlock", "signal scope", "seccomp"],
  }],
  "another system": [{ ...FULL, os: "darwin", landlockAbi: 0, hasSeccomp: false }, undefined, {
    level: "deno",
    reachable: "deno",
    missing: ["hygiene", "landlock", "signal scope", "seccomp", "namespaces"],
  }],
};

for (const [what, [facts, namespaces, expected]] of Object.entries(MACHINES)) {
  Deno.test(`diagnose() tells levels and missing layers of a machine with ${what}`, () => {
    const { level, reachable, layers, commandsRefused } = diagnose(facts, namespaces);
    const missing = layers.filter(({ isThere }) => !isThere).map(({ name }) => name);
    assert.deepEqual({ level, reachable, missing }, expected);
    assert.equal(commandsRefused === undefined, !missing.includes("signal scope"));
  });
}

Deno.test("diagnosisText() names the fix below what is missing", () => {
  const text = diagnosisText(diagnose({ ...FULL, landlockAbi: 5 }, WORKS));
  assert.match(text, /^sheath \S+ on linux x86_64: level kernel/);
  assert.match(text, /\nno commands: /);
  assert.match(text, /\nsignal scope {2}no {3}Landlock ABI 5.*\n +fix: Linux 6\.12 or newer\n/);
});
