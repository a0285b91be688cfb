import { strict as assert } from "node:assert";
import { type PermissionGate, refusalOf } from "../../src/agent/permission_gate.ts";
import { type Approval, APPROVALS } from "../../src/core/approval.ts";
import type { Need } from "../../src/core/need.ts";
import type { ShellVerdict } from "../../src/permissions/shell_verdict.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { policyWith } from "./policy.ts";

const NEVER = new AbortController().signal;
const WRITE: Need = { type: "write_file", path: "/w/a" };
const REMOVE: Need = { type: "execute_command", command: "rm a" };
const DELETES: ShellVerdict = {
  type: "safe",
  reasons: [],
  programs: ["rm"],
  deletes: true,
  everyday: false,
};

function gateWith(changes: Partial<PermissionGate>, answers: readonly Approval[] = []) {
  const asked: unknown[] = [];
  const gate: PermissionGate = {
    clock: new FakeClock(),
    policy: policyWith({}),
    analyse: () => Promise.resolve(DELETES),
    approve(request) {
      asked.push(request);
      return Promise.resolve(answers[asked.length - 1] ?? "allowed");
    },
    ...changes,
  };
  return { gate, asked };
}

const TEXTS: Readonly<Record<Approval, string | undefined>> = {
  allowed: undefined,
  denied: "Permission denied by host for: /w/a",
  timed_out: "Permission request timed out after 300 s for: /w/a",
  no_approver: "Permission not given, no approver is connected, for: /w/a",
  void: "Permission request was withdrawn for: /w/a",
};
for (const approval of APPROVALS) {
  Deno.test(`refusalOf() tells the model of an approval that is ${approval}`, async () => {
    const { gate } = gateWith({}, [approval]);
    const refusal = await refusalOf({ tool: "Write", needs: [WRITE] }, gate, NEVER);
    assert.equal(refusal, TEXTS[approval]);
  });
}

Deno.test("refusalOf() asks for each act in turn, and stops at the first that is not allowed", async () => {
  const { gate, asked } = gateWith({}, ["allowed", "denied"]);
  const refusal = await refusalOf({ tool: "Bash", needs: [REMOVE, WRITE] }, gate, NEVER);
  assert.equal(refusal, "Permission denied by host for: rm a");
  assert.deepEqual(asked, [
    { tool_name: "Bash", permission: "Execute shell commands", resource: "rm a" },
    { tool_name: "Bash", permission: "Delete files or directories", resource: "rm a" },
  ]);
});

Deno.test("refusalOf() asks nothing for a call of which a part is denied anyway", async () => {
  const listed = [{ permission: "write_file", pattern: "*", allowed: false }] as const;
  const { gate, asked } = gateWith({ policy: policyWith({ rules: { listed, ask: [] } }) });
  const refusal = await refusalOf({ tool: "Bash", needs: [REMOVE, WRITE] }, gate, NEVER);
  assert.equal(refusal, "Permission denied for: /w/a");
  assert.deepEqual(asked, []);
});

Deno.test("refusalOf() analyses and asks nothing without enforcement", async () => {
  const { gate, asked } = gateWith({
    policy: policyWith({ enforced: false }),
    analyse: () => assert.fail("analysed"),
  });
  assert.equal(await refusalOf({ tool: "Bash", needs: [REMOVE] }, gate, NEVER), undefined);
  assert.deepEqual(asked, []);
});

Deno.test("refusalOf() lets nothing through when the analysis fails", async () => {
  const { gate, asked } = gateWith({
    policy: policyWith({ bypassed: true }),
    analyse: () => Promise.reject(new Error("broken")),
  });
  await assert.rejects(refusalOf({ tool: "Bash", needs: [REMOVE] }, gate, NEVER), /broken/);
  assert.deepEqual(asked, []);
});
