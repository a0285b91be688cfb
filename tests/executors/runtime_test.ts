import { strict as assert } from "node:assert";
import { RunTable } from "../../src/executors/runtime.ts";

const REQUEST = { tool_name: "Bash", permission: "Execute shell commands", resource: "ls" };
const NEVER = new AbortController().signal;

Deno.test("RunTable.approve() asks the run's own host while the run is open, and is void else", async () => {
  const runs = new RunTable();
  const runId = runs.open({
    emit: () => Promise.resolve(),
    approve: () => Promise.resolve("allowed"),
    steering: { onText() {} },
  });
  assert.equal(await runs.approve(runId, REQUEST, NEVER), "allowed");
  assert.equal(await runs.approve(runId + 1, REQUEST, NEVER), "void");
  runs.close(runId);
  assert.equal(await runs.approve(runId, REQUEST, NEVER), "void");
});
