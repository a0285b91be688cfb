import { strict as assert } from "node:assert";
import { fixture, reencode, type Sample, samples } from "./samples.ts";

const golden: readonly (readonly [kind: string, samples: readonly Sample[]])[] = [
  ["provision_spec", [
    { name: "minimal", value: fixture("provision/minimal.json") },
    { name: "full", value: fixture("provision/full.json") },
    ...samples("provision/executors.json"),
    ...samples("provision/placements.json"),
  ]],
  ["parent_frame", samples("parent_frames.json")],
  ["child_frame", samples("child_frames.json")],
  ["agent_record", samples("agent_record.json")],
  ["agent_event", samples("events.json")],
  ["message", samples("messages.json").filter(({ name }) => name !== "empty_id_is_left_out")],
  ["tool_call", samples("tool_call.json")],
  ["tool_result", samples("tool_result.json")],
  ["session", samples("session.json")],
  ["runtime_state", samples("runtime_state.json")],
  ["inbox_message", samples("mailbox.json")],
  ["client_frame", samples("broker_frames.json", "client")],
  ["broker_frame", samples("broker_frames.json", "broker")],
  ["mcp_request", samples("mcp_proxy.json", "request")],
  ["mcp_reply", samples("mcp_proxy.json", "reply")],
];

for (const [kind, list] of golden) {
  for (const { name, value } of list) {
    Deno.test(`${kind} gives ${name} back as it came`, () => {
      assert.deepEqual(JSON.parse(reencode(kind, JSON.stringify(value))), value);
    });
  }
}
