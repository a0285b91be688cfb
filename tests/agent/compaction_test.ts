import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ends, shortenOutputs, splitForSummary } from "../../src/agent/compaction.ts";
import type { Message } from "../../src/core/message.ts";

const AT = "2026-06-18T09:30:00Z";
const tokensOf = (messages: readonly Message[]) =>
  messages.reduce((sum, { content }) => sum + content.length, 0);

function message(role: Message["role"], content: string, more: Partial<Message> = {}): Message {
  return { id: content.slice(0, 8), role, content, created_at: AT, ...more };
}

/** A call and its result. */
function chain(name: string, output: string): Message[] {
  const call = { id: name, type: "function", function: { name: "Read", arguments: "{}" } } as const;
  return [
    message("assistant", name, { tool_calls: [call] }),
    message("tool", output, { tool_call_id: name }),
  ];
}

/** A skill that was loaded, as `chain`. */
function skillLoad(name: string, output: string): Message[] {
  const [call, result] = chain(name, output);
  const loaded = { tool_success: true, metadata: { tool_name: "load_skill" } };
  return call && result ? [call, { ...result, ...loaded }] : [];
}

Deno.test("the newest loaded skills stay whole, as far as there is room for them", () => {
  const skills = ["old", "a", "b"].flatMap((name) => skillLoad(name, "s".repeat(19_000)));
  const messages = [
    ...skills,
    ...chain("x", "y".repeat(2_000)),
    ...chain("y", ""),
    ...chain("z", ""),
  ];
  const { messages: shortened, count } = shortenOutputs(messages, { recentChains: 2 });
  assert.equal(count, 2);
  assert.deepEqual(
    shortened.map(({ content }) => content.length === 19_000),
    [false, false, false, true, false, true, false, false, false, false, false, false],
  );
  const chains = Array.from({ length: 10 }, (_, at) => chain(`c${at}`, "y".repeat(98))).flat();
  const loads = ["p", "q", "r"].flatMap((name) => skillLoad(name, `${name}`.repeat(90)));
  const split = splitForSummary([message("user", "task"), ...loads, ...chains], {
    targetTokens: 800,
    tokensOf,
    least: 3,
  });
  assert.deepEqual(
    split?.kept.map(({ content }) => content),
    ["task", "q", "q".repeat(90), "r", "r".repeat(90)],
  );
});

Deno.test("ends() keeps both ends and says how much is left out", () => {
  assert.equal(ends("short", { head: 3, tail: 3 }), "short");
  const text = ends(`${"a".repeat(100)}${"b".repeat(100)}`, { head: 4, tail: 4 });
  assert.match(text, /^aaaa\n\[… 192 characters left out .*\]\nbbbb$/);
  assert.ok(ends(`${"😀".repeat(50)}`, { head: 3, tail: 3 }).isWellFormed());
});

Deno.test("shortenOutputs() leaves the newest two rounds of calls, short outputs and words alone", () => {
  const long = "x".repeat(2_000);
  const messages = [
    message("user", long),
    ...chain("one", long),
    ...chain("two", "short"),
    ...chain("three", long),
    ...chain("four", long),
  ];
  const { messages: shortened, count } = shortenOutputs(messages, { recentChains: 2 });
  assert.equal(count, 1);
  assert.deepEqual(
    shortened.map(({ content }) => content.length === 2_000),
    [true, false, false, false, false, false, true, false, true],
  );
  assert.ok((shortened[2]?.content.length ?? 0) < 700);
  assert.equal(
    shortenOutputs(shortened, { recentChains: 2 }).count,
    0,
    "a second time there is nothing to shorten",
  );
});

Deno.test("splitForSummary() keeps the first task, the newest words, and a recent end", () => {
  const chains = Array.from({ length: 20 }, (_, at) => chain(`c${at}`, "y".repeat(98))).flat();
  const messages = [message("user", "the task"), ...chains, message("user", "and now this")];
  const split = splitForSummary(messages, { targetTokens: 1_000, tokensOf, least: 3 });
  assert.ok(split);
  assert.deepEqual(split.kept.map(({ content }) => content), ["the task"]);
  assert.equal(split.recent.at(-1)?.content, "and now this");
  assert.ok(tokensOf([...split.kept, ...split.recent]) <= 750);
  assert.equal(split.recent[0]?.role, "assistant", "no result without its call");
  assert.equal(split.kept.length + split.old.length + split.recent.length, messages.length);
});

Deno.test("splitForSummary() keeps what must never be compressed, and sums up summaries", () => {
  const guide = message("user", "guide", {
    never_compress: true,
    metadata: { hidden_from_ui: true },
  });
  const before = message("user", "summary", { metadata: { summary: true, hidden_from_ui: true } });
  const chains = Array.from({ length: 10 }, (_, at) => chain(`c${at}`, "y".repeat(98))).flat();
  const split = splitForSummary([guide, message("user", "task"), before, ...chains], {
    targetTokens: 400,
    tokensOf,
    least: 3,
  });
  assert.deepEqual(split?.kept.map(({ content }) => content), ["guide", "task"]);
  assert.equal(split?.old[0]?.content, "summary");
});

Deno.test("splitForSummary() finds nothing worth a summary in a short conversation", () => {
  const messages = [message("user", "task"), ...chain("one", "y")];
  assert.equal(splitForSummary(messages, { targetTokens: 10, tokensOf, least: 3 }), undefined);
});

Deno.test("splitForSummary() loses no message, and parts no result from its call", () => {
  const turn = fc.oneof(
    fc.string({ maxLength: 50 }).map((text) => [message("user", text)]),
    fc.tuple(fc.integer({ min: 0, max: 9_999 }), fc.string({ maxLength: 300 }))
      .map(([id, text]) => chain(`c${id}`, text)),
  );
  fc.assert(fc.property(fc.array(turn, { maxLength: 30 }), fc.nat(3_000), (turns, targetTokens) => {
    const messages = turns.flat();
    const split = splitForSummary(messages, { targetTokens, tokensOf, least: 1 });
    if (!split) return;
    const { kept, old, recent } = split;
    const all = new Set([...kept, ...old, ...recent]);
    assert.ok(messages.every((one) => all.has(one)) && all.size === messages.length);
    for (const part of [kept, old, recent]) {
      part.forEach((one, at) => {
        if (one.role === "tool") assert.equal(part[at - 1]?.content, one.tool_call_id);
      });
    }
  }));
});
