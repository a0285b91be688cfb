import { strict as assert } from "node:assert";
import { AnswerEvents } from "../../src/providers/answer_events.ts";
import { ProviderError } from "../../src/providers/provider.ts";

Deno.test("text() and reasoning() hold back half a character when it is cut", () => {
  const events = answerEvents();
  const said = [
    events.text("a\ud83d"),
    events.reasoning("\ud83d"),
    events.text("\ude00b"),
    events.reasoning("\ude00"),
    events.rest(),
  ];
  assert.deepEqual(said, [
    [{ type: "text", delta: "a" }],
    [],
    [{ type: "text", delta: "😀b" }],
    [{ type: "reasoning", delta: "😀" }],
    [],
  ]);
});

Deno.test("rest() replaces what stayed half, reasoning first", () => {
  const events = answerEvents();
  events.text("\ud83d");
  events.reasoning("\ud83d");
  assert.deepEqual(events.rest(), [
    { type: "reasoning", delta: "\ufffd" },
    { type: "text", delta: "\ufffd" },
  ]);
});

Deno.test("call() gives new ids to calls without one and with another's", () => {
  const events = answerEvents();
  const ids = ["a", "", "a", "b", "new-1", "b"].map((id) =>
    events.call({ id, name: "Read", arguments: "{}" }).id
  );
  assert.deepEqual(ids, ["a", "new-1", "new-2", "b", "new-3", "new-4"]);
});

Deno.test("call() makes name and arguments well-formed", () => {
  const call = answerEvents().call({ id: "a", name: "R\ud83d", arguments: '{"a":"\ude00' });
  assert.deepEqual(call, {
    type: "tool_call",
    id: "a",
    name: "R\ufffd",
    arguments: '{"a":"\ufffd',
  });
});

Deno.test("end() leaves out what there is none of", () => {
  const events = answerEvents();
  const usage = { promptTokens: 1, completionTokens: 2, totalTokens: 3 };
  assert.deepEqual(
    [
      events.end({ stop: "done", usage: undefined, carry: undefined }),
      events.end({ stop: "refused", usage, carry: { items: [] } }),
    ],
    [
      { type: "end", stop: "done" },
      { type: "end", stop: "refused", usage, carry: { items: [] } },
    ],
  );
});

Deno.test("broken() names the provider", () => {
  const error = answerEvents().broken("the stream ended");
  assert.ok(error instanceof ProviderError);
  assert.deepEqual([error.failure, error.message], ["protocol", "openai: the stream ended"]);
});

function answerEvents(): AnswerEvents {
  let made = 0;
  return new AnswerEvents({ name: "openai", newCallId: () => `new-${++made}` });
}
