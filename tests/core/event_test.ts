import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import * as z from "zod";
import { type AgentEvent, agentEventSchema } from "../../src/core/event.ts";

const golden = z.parse(
  z.array(z.object({ name: z.string(), value: z.unknown() })),
  JSON.parse(readFileSync(new URL("../fixtures/wire/events.json", import.meta.url), "utf8")),
);
const events = golden.map(({ value }) => z.parse(agentEventSchema, value));

Deno.test("agentEventSchema reads each of the 41 types as it is written", () => {
  assert.equal(new Set(events.map(({ type }) => type)).size, 41);
  assert.deepEqual(events, golden.map(({ value }) => value));
});

Deno.test("agentEventSchema refuses a type nobody knows, in a child's event too", () => {
  const unknown = { type: "brand_new" };
  for (
    const [event, path] of [[unknown, ["type"]], [{ ...fromChild(events[0]), event: unknown }, [
      "event",
      "type",
    ]]]
  ) {
    const [issue] = z.safeParse(agentEventSchema, event).error?.issues ?? [];
    assert.deepEqual(issue?.path, path);
    assert.equal(issue?.message, "expected one of 41 known words, got another string");
  }
});

Deno.test("AgentEvent is written with null only where hosts want it", () => {
  const question: AgentEvent = {
    type: "need_clarification",
    question: "q",
    options: null,
    tool_name: undefined,
    allow_custom: true,
  };
  assert.equal(
    JSON.stringify(question),
    '{"type":"need_clarification","question":"q","options":null,"allow_custom":true}',
  );
  // @ts-expect-error: options are always written.
  const bare: AgentEvent = { type: "need_clarification", question: "q", allow_custom: true };
  assert.deepEqual(z.parse(agentEventSchema, bare), { ...bare, options: null });
});

function fromChild(event: AgentEvent | undefined): AgentEvent {
  assert.ok(event);
  return { type: "sub_agent_event", parent_session_id: "p", child_session_id: "c", event };
}
