import { strict as assert } from "node:assert";
import { agentsTable } from "../../src/cli/agents.ts";

const RECORD = {
  agent_id: "run-0a1b2c3d",
  role: "worker",
  labels: ["sandbox=kernel"],
  endpoint: "ws://127.0.0.1:40123",
  pid: 42,
  version: "0.1.0",
  started_at: "2026-06-18T10:00:00Z",
  lease_expires_at: "2026-06-18T10:01:00Z",
};

Deno.test("agentsTable() lines its columns up and shows nothing a terminal would obey", () => {
  const other = { ...RECORD, agent_id: "c-7", role: "re\x1b[2Jviewer", labels: [], pid: 100_000 };
  assert.equal(
    agentsTable([RECORD, { ...other, endpoint: "" }]),
    `AGENT         ROLE             PID     LEVEL   STARTED               ENDPOINT
run-0a1b2c3d  worker           42      kernel  2026-06-18T10:00:00Z  ws://127.0.0.1:40123
c-7           re\\x1b[2Jviewer  100000  -       2026-06-18T10:00:00Z  -
`,
  );
});

Deno.test("agentsTable() is a heading when nobody is there", () => {
  assert.equal(agentsTable([]), "AGENT  ROLE  PID  LEVEL  STARTED  ENDPOINT\n");
});
