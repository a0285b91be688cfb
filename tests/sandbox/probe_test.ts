import { strict as assert } from "node:assert";
import { judgeMachine, type KernelFacts, probeKernel } from "../../src/sandbox/probe.ts";

const GOOD: KernelFacts = {
  os: "linux",
  architecture: "x86_64",
  isStandalone: true,
  isLeftOut: false,
  landlockAbi: 7,
  hasSeccomp: true,
};

const UNASKED = `level "namespace" is taken where it is required, it makes starts slower`;

Deno.test("judgeMachine() reaches kernel where everything is there", () => {
  for (const abi of [6, 7, 8]) {
    assert.deepEqual(judgeMachine({ ...GOOD, landlockAbi: abi }, []), {
      os: "linux",
      level: "kernel",
      missing: [UNASKED],
      holdsSignals: true,
      unboxed: undefined,
      reserved: [],
    });
  }
});

Deno.test("judgeMachine() reaches namespace where that was asked for and works", () => {
  const works = { type: "works", program: "/usr/bin/bwrap" } as const;
  const missing = { type: "missing", why: "not installed" } as const;
  assert.deepEqual(judgeMachine(GOOD, [], works).level, "namespace");
  const { level, missing: why } = judgeMachine(GOOD, [], missing);
  assert.deepEqual([level, why], ["kernel", ["not installed"]]);
  assert.equal(judgeMachine({ ...GOOD, landlockAbi: 5 }, [], works).level, "kernel");
  assert.equal(judgeMachine({ ...GOOD, landlockAbi: 3 }, [], works).level, "deno");
});

Deno.test("judgeMachine() refuses commands, not the level, where signals have no scope", () => {
  for (const abi of [4, 5]) {
    const { level, unboxed, holdsSignals } = judgeMachine({ ...GOOD, landlockAbi: abi }, []);
    assert.deepEqual([level, holdsSignals], ["kernel", false]);
    assert.match(unboxed ?? "", /Landlock ABI 6 .* this kernel has ABI [45]$/);
  }
});

const LESS: readonly (readonly [more: Partial<KernelFacts>, why: string])[] = [
  [{ os: "darwin" }, "kernel layers exist for Linux only, this is darwin"],
  [{ os: "windows" }, "kernel layers exist for Linux only, this is windows"],
  [{ isStandalone: false }, "kernel layers need the compiled program, this runs from source"],
  [{ isLeftOut: true }, "this build was made without the kernel layers"],
  [{ landlockAbi: 0 }, "Landlock is absent or switched off (see lsm= of the kernel)"],
  [{ landlockAbi: 1 }, "Landlock ABI is 1, expected at least 4 (Linux 6.7)"],
  [{ landlockAbi: 3 }, "Landlock ABI is 3, expected at least 4 (Linux 6.7)"],
  [{ hasSeccomp: false }, "seccomp filters are not to be had"],
  [{ architecture: "riscv64" }, "kernel layers exist for x86_64 and aarch64, this is riscv64"],
];

Deno.test("judgeMachine() says why there is no kernel level, and boxes nothing then", async (t) => {
  for (const [more, why] of LESS) {
    await t.step(why, () => {
      assert.deepEqual(judgeMachine({ ...GOOD, ...more }, []), {
        os: more.os ?? "linux",
        level: "deno",
        missing: [why],
        holdsSignals: false,
        unboxed: `commands need level "kernel": ${why}`,
        reserved: [],
      });
    });
  }
});

Deno.test("probeKernel() claims nothing without a C library", () => {
  const { landlockAbi, hasSeccomp, isStandalone } = probeKernel(undefined);
  assert.deepEqual([landlockAbi, hasSeccomp, isStandalone], [0, false, false]);
});
