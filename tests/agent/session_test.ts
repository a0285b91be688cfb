import { strict as assert } from "node:assert";
import { Conversation } from "../../src/agent/conversation.ts";
import { Session } from "../../src/agent/session.ts";
import type { Message } from "../../src/core/message.ts";
import type { Question } from "../../src/core/question.ts";
import { policyWith } from "./policy.ts";

const AT = "2026-06-18T09:30:00Z";
const SYSTEM: Message = { id: "s", role: "system", content: "", created_at: AT };
const ANSWERED: Message = {
  id: "t",
  role: "tool",
  content: "waiting",
  tool_call_id: "call-1",
  created_at: AT,
};

function waiting(question: Partial<Question>): Session {
  const session = new Session({
    id: "c",
    conversation: new Conversation(SYSTEM, [ANSWERED]),
    settings: policyWith({ mode: "plan" }),
  });
  const whole: Question = {
    question: "May I?",
    options: ["Approve", "Deny"],
    allowCustom: false,
    subject: { type: "anything" },
    ...question,
  };
  session.wait({ callId: "call-1", tool: "request_permissions", question: whole });
  return session;
}

Deno.test("Session.answer() puts the answer where the question stood", () => {
  const session = waiting({});
  assert.deepEqual(session.answer(" approve ", 0), { type: "nothing" });
  assert.equal(session.conversation.messages[0]?.content, "Selected response: Approve");
  assert.equal(session.conversation.messages[0]?.tool_success, true);
  assert.equal(session.waiting, undefined);
});

Deno.test("Session.answer() goes on waiting when the answer is none of the options", () => {
  const session = waiting({});
  assert.equal(session.answer("perhaps", 0), undefined);
  assert.equal(session.waiting?.callId, "call-1");
  assert.equal(session.conversation.messages[0]?.content, "waiting");
});

Deno.test("Session.answer() leaves plan mode when the plan is approved, and only then", () => {
  const options = ["Approve (Default mode)", "Stay in plan mode"];
  const subject = { type: "plan" } as const;
  const yes = waiting({ options, subject });
  yes.answer("Approve (Default mode)", 0);
  assert.equal(yes.policy.mode, "default");
  const no = waiting({ options, subject });
  no.answer("Stay in plan mode", 0);
  assert.equal(no.policy.mode, "plan");
});

Deno.test("Session.answer() grants what was asked for, for half an hour", () => {
  const wanted = [{ permission: "write_file", resource: "/w/*" }] as const;
  const session = waiting({ subject: { type: "permissions", wanted } });
  session.answer("Approve", 1_000);
  assert.deepEqual(session.policy.grants, [
    { permission: "write_file", pattern: "/w/*", expiresAtMs: 1_801_000 },
  ]);
  const refused = waiting({ subject: { type: "permissions", wanted } });
  refused.answer("Deny", 1_000);
  assert.deepEqual(refused.policy.grants, []);
});

Deno.test("Conversation.withOwnIds() renames calls whose id was used before", () => {
  const call = (id: string) =>
    ({ id, type: "function", function: { name: "Read", arguments: "{}" } }) as const;
  const conversation = new Conversation(SYSTEM, [
    { id: "a", role: "assistant", content: "", created_at: AT, tool_calls: [call("call_0")] },
  ]);
  let ids = 0;
  const renamed = conversation.withOwnIds(
    [call("call_0"), call("call_1"), call("call_1")],
    () => `n${++ids}`,
  );
  assert.deepEqual(renamed.map(({ id }) => id), ["call_n1", "call_1", "call_n2"]);
});
