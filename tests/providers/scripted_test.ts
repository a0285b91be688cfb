import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import type { Message } from "../../src/core/message.ts";
import { scriptedProvider } from "../../src/providers/scripted.ts";
import { parseScript } from "../../src/providers/script.ts";
import { type Answer, caught, hear, never, REQUEST, testProvider } from "./contract.ts";

testProvider({
  name: "scripted",
  serve: (answer) =>
    Promise.resolve({
      provider: play([turnOf(answer)]),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
});

Deno.test("scriptedProvider() plays one turn for each call and then says there are no more", async () => {
  const provider = play([{ text: "first" }, { text: "second" }]);
  const texts = [await hear(provider), await hear(provider), await hear(provider)];
  assert.deepEqual(texts.map((heard) => heard.text), [
    "first",
    "second",
    "(the script has no more turns)",
  ]);
});

Deno.test("scriptedProvider() streams a text by words and pieces as they stand", async () => {
  const provider = play([{ reasoning: " so  be it\n", text: ["by its pie", "ces", ""] }]);
  const events = await Array.fromAsync(provider.stream(REQUEST, never()));
  assert.deepEqual(events.slice(0, -1), [
    { type: "reasoning", delta: " " },
    { type: "reasoning", delta: "so  " },
    { type: "reasoning", delta: "be " },
    { type: "reasoning", delta: "it\n" },
    { type: "text", delta: "by its pie" },
    { type: "text", delta: "ces" },
  ]);
});

Deno.test("scriptedProvider() writes arguments as JSON and fills in the workspace", async () => {
  const turn = {
    tool_calls: [
      { name: "Read", arguments: { file_path: "{workspace}/a", deep: [{ at: "{workspace}" }, 1] } },
      { name: "Bash", arguments: 'ls {workspace} "' },
      { name: "Workspace", id: "mine" },
    ],
  };
  const { calls, stop } = await hear(play([turn], { workspace: "/w/$&" }));
  assert.deepEqual({ calls, stop }, {
    calls: [
      {
        id: "call_1_1",
        name: "Read",
        arguments: '{"file_path":"/w/$&/a","deep":[{"at":"/w/$&"},1]}',
      },
      { id: "call_1_2", name: "Bash", arguments: 'ls /w/$& "' },
      { id: "mine", name: "Workspace", arguments: "{}" },
    ],
    stop: "tool_calls",
  });
});

Deno.test("scriptedProvider() leaves the placeholder alone when there is no workspace", async () => {
  const { calls } = await hear(
    play([{ tool_calls: [{ name: "Glob", arguments: "{workspace}" }] }]),
  );
  assert.equal(calls[0]?.arguments, "{workspace}");
});

Deno.test("scriptedProvider() stops for the reason the script gives", async () => {
  const { stop } = await hear(play([{ text: "cut o", stop: "max_tokens" }]));
  assert.equal(stop, "max_tokens");
});

Deno.test("scriptedProvider() estimates the usage when the script gives none", async () => {
  const provider = play([{ text: "12345", tool_calls: [{ name: "Read", arguments: "1234" }] }]);
  const messages = [message("user", "123456789")];
  const { usage } = await hear(provider, { ...REQUEST, messages });
  assert.deepEqual(usage, { promptTokens: 3, completionTokens: 3, totalTokens: 6 });
});

Deno.test("scriptedProvider() tells every figure of the usage the script gives", async () => {
  const usage = {
    prompt_tokens: 9,
    completion_tokens: 4,
    cached_prompt_tokens: 5,
    reasoning_tokens: 2,
  };
  const heard = await hear(play([{ text: "x", usage }]));
  assert.deepEqual(heard.usage, {
    promptTokens: 9,
    completionTokens: 4,
    totalTokens: 13,
    cachedPromptTokens: 5,
    reasoningTokens: 2,
  });
});

Deno.test("scriptedProvider() goes on when the newest messages hold what is expected", async () => {
  const messages = [
    message("user", "find the bug"),
    message("assistant", "I look"),
    message("tool", "alpha"),
    message("tool", "beta"),
  ];
  const turn = { expect: ["alpha", "beta"], text: "seen" };
  const { text } = await hear(play([turn]), { ...REQUEST, messages });
  assert.equal(text, "seen");
});

Deno.test("scriptedProvider() fails when only an older message holds what is expected", async () => {
  const messages = [
    message("user", "find the bug"),
    message("assistant", "I look"),
    message("tool", `no\nsuch file${"!".repeat(300)}`),
  ];
  const provider = play([{ text: "first" }, { expect: "bug", text: "seen" }]);
  await hear(provider);
  const stream = provider.stream({ ...REQUEST, messages }, never());
  await assert.rejects(Array.fromAsync(stream), {
    failure: "invalid_request",
    message: 'scripted: turns[1]: expected "bug" in the newest messages, ' +
      `got "no\\nsuch file${"!".repeat(188)}…"`,
  });
});

Deno.test("scriptedProvider() says its text before it fails", async () => {
  const provider = play([{ text: "half an ", error: { message: "line\ndead" } }]);
  const heard: string[] = [];
  const listen = async () => {
    for await (const event of provider.stream(REQUEST, never())) heard.push(event.type);
  };
  await assert.rejects(listen(), { failure: "network", message: "scripted: line\\ndead" });
  assert.deepEqual(heard, ["text", "text"]);
});

Deno.test("scriptedProvider() fails as a lost connection when an error says nothing", async () => {
  const error = await caught(hear(play([{ error: {} }])));
  assert.ok(error instanceof Error);
  assert.equal(error.message, "scripted: no connection");
});

Deno.test("scriptedProvider() waits as long as the script says", async () => {
  const waits: number[] = [];
  const clock = { sleep: (ms: number) => Promise.resolve(void waits.push(ms)) };
  const script = parseScript({ turns: [{ delay_ms: 30, text: "x" }, { text: "y" }] });
  const provider = scriptedProvider({ script, clock });
  await hear(provider);
  await hear(provider);
  assert.deepEqual(waits, [30]);
});

Deno.test("scriptedProvider() throws the abort reason when aborted while it waits", async () => {
  const controller = new AbortController();
  const stream = play([{ delay_ms: 600_000, text: "x" }]).stream(REQUEST, controller.signal);
  const heard = Array.fromAsync(stream);
  controller.abort(new Error("stop"));
  await assert.rejects(heard, { message: "stop" });
});

function play(turns: readonly unknown[], { workspace }: { workspace?: string } = {}) {
  return scriptedProvider({ script: parseScript({ turns }), workspace, clock: systemClock });
}

function turnOf({ reasoning, text, calls, usage, failure }: Answer): unknown {
  return {
    ...(reasoning !== undefined && { reasoning }),
    ...(text && { text }),
    ...(calls && { tool_calls: calls }),
    ...(usage && {
      usage: { prompt_tokens: usage.prompt, completion_tokens: usage.completion },
    }),
    ...(failure && { error: failure }),
  };
}

function message(role: Message["role"], content: string): Message {
  return { id: "m", role, content, created_at: "2026-06-18T09:30:00Z" };
}
