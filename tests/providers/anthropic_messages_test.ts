import { strict as assert } from "node:assert";
import type { Message, MessagePart } from "../../src/core/message.ts";
import { anthropicSystem, anthropicTurns } from "../../src/providers/anthropic_messages.ts";
import { carryMetadata } from "../../src/providers/carry.ts";

const PNG = "data:image/png;base64,iVBORw0KGgo=";
const pngBlock = {
  type: "image",
  source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" },
};
const cached = { cache_control: { type: "ephemeral", ttl: "1h" } };
const said = (text: string) => ({ type: "text", text });

Deno.test("anthropicTurns() lets user and assistant take turns", () => {
  const conversation = [
    message({ role: "system", content: "Be careful." }),
    message({ role: "user", content: "read both" }),
    message({ role: "user", content: "now" }),
    message({
      role: "assistant",
      content: "I look.",
      reasoning: "hm",
      tool_calls: [call("c-1", "Read", '{"a":1}'), call("c-2", "Read", "")],
    }),
    message({ role: "tool", content: "alpha", tool_call_id: "c-1", tool_success: true }),
    message({ role: "user", content: "hurry" }),
    message({ role: "tool", content: "Error: gone", tool_call_id: "c-2", tool_success: false }),
    message({ role: "assistant", content: "One." }),
    message({ role: "assistant", content: "Two." }),
    message({ role: "user", content: "thanks" }),
  ];
  assert.deepEqual(anthropicTurns(conversation, "m"), [
    { role: "user", content: [said("read both"), said("now")] },
    {
      role: "assistant",
      content: [
        said("I look."),
        { type: "tool_use", id: "c-1", name: "Read", input: { a: 1 } },
        { type: "tool_use", id: "c-2", name: "Read", input: {} },
      ],
    },
    {
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "c-1", content: [said("alpha")] },
        {
          type: "tool_result",
          tool_use_id: "c-2",
          content: [said("Error: gone")],
          is_error: true,
        },
        said("hurry"),
      ],
    },
    { role: "assistant", content: [said("One."), said("Two.")] },
    { role: "user", content: [{ ...said("thanks"), ...cached }] },
  ]);
});

Deno.test("anthropicSystem() takes the system messages, and no blank one", () => {
  const conversation = [
    message({ role: "system", content: "Be careful.\ud83d" }),
    message({ role: "system", content: " \n" }),
    message({ role: "user", content: "hi" }),
    message({ role: "system", content: "And brief." }),
  ];
  assert.deepEqual(anthropicSystem(conversation), [
    said("Be careful.\ufffd"),
    said("And brief."),
  ]);
});

const user = message({ role: "user", content: "hi" });
const mended: Readonly<Record<string, { from: readonly Message[]; sent: readonly unknown[] }>> = {
  "nothing at all": {
    from: [],
    sent: [["user", { ...said("[earlier messages left out]"), ...cached }]],
  },
  "a history that begins with an answer": {
    from: [message({ role: "assistant", content: "Hello." }), user],
    sent: [
      ["user", said("[earlier messages left out]")],
      ["assistant", said("Hello.")],
      ["user", { ...said("hi"), ...cached }],
    ],
  },
  "one that ends with an answer, and its white space": {
    from: [user, message({ role: "assistant", content: "Well \n" })],
    sent: [
      ["user", said("hi")],
      ["assistant", said("Well \n")],
      ["user", { ...said("Continue."), ...cached }],
    ],
  },
  "an answer without anything": {
    from: [user, message({ role: "assistant", content: " \n", tool_calls: [] }), user],
    sent: [["user", said("hi"), { ...said("hi"), ...cached }]],
  },
  "a blank text of the user": {
    from: [message({ role: "user", content: "" }), user],
    sent: [["user", { ...said("hi"), ...cached }]],
  },
  "a tool that said nothing": {
    from: [message({ role: "tool", content: "\n", tool_call_id: "c" })],
    sent: [["user", { type: "tool_result", tool_use_id: "c", ...cached }]],
  },
};
for (const [what, { from, sent }] of Object.entries(mended)) {
  Deno.test(`anthropicTurns() mends ${what}`, () => {
    const turns = anthropicTurns(from, "m");
    assert.deepEqual(turns.map(({ role, content }) => [role, ...content]), sent);
  });
}

const text = (text: string): MessagePart => ({ type: "text", text });
const image = (url: string): MessagePart => ({ type: "image_url", image_url: { url } });
const contents: Readonly<
  Record<string, [content: string, parts: MessagePart[], sent: readonly unknown[]]>
> = {
  "parts with an image": ["look", [text("look"), text(" "), image(PNG)], [said("look"), pngBlock]],
  "the content before an image when no part is text": [
    "look",
    [image(PNG)],
    [said("look"), pngBlock],
  ],
  "an image alone": ["", [image(PNG)], [pngBlock]],
  "the content when all parts are text": ["whole", [text("part")], [said("whole")]],
  "an image by its address": ["", [image("HTTPS://img.example/a,b.png")], [
    { type: "image", source: { type: "url", url: "HTTPS://img.example/a,b.png" } },
  ]],
  "an image of each kind the API takes": [
    "",
    ["JPEG", "jpg", "gif", "webp"].map((kind) => image(`data:image/${kind};base64,AA,A`)),
    ["jpeg", "jpeg", "gif", "webp"].map((kind) => ({
      type: "image",
      source: { type: "base64", media_type: `image/${kind}`, data: "AA,A" },
    })),
  ],
  "a note for an image that the API does not take": [
    "",
    ["bamboo-attachment://s/1", "file:///etc/passwd", "data:image/svg+xml;base64,AA", "data:,"]
      .map(image),
    ["", "", "", ""].map(() => said("[image not available]")),
  ],
};
for (const [what, [content, content_parts, sent]] of Object.entries(contents)) {
  Deno.test(`anthropicTurns() sends ${what}`, () => {
    const end = message({ role: "user", content: "?" });
    const [turn] = anthropicTurns([message({ role: "user", content, content_parts }), end], "m");
    assert.deepEqual(turn?.content.slice(0, -1), sent);
  });
}

Deno.test("anthropicTurns() sends the images of the newest tool result that has some", () => {
  const shot = (id: string, ...urls: string[]) =>
    message({
      role: "tool",
      content: `shot ${id}`,
      tool_call_id: id,
      content_parts: urls.map(image),
    });
  const [turn] = anthropicTurns([
    shot("1", PNG),
    shot("2", PNG, "file:///a.png"),
    message({ role: "tool", content: "text", tool_call_id: "3" }),
  ], "m");
  assert.deepEqual(turn?.content, [
    {
      type: "tool_result",
      tool_use_id: "1",
      content: [said("shot 1"), said("[older image left out]")],
    },
    {
      type: "tool_result",
      tool_use_id: "2",
      content: [said("shot 2"), pngBlock, said("[image not available]")],
    },
    { type: "tool_result", tool_use_id: "3", content: [said("text")], ...cached },
  ]);
});

const calls: readonly (readonly [string, string, unknown])[] = [
  ["Read", '{ "a": [1] }', ["Read", { a: [1] }]],
  ["Read", " \n", ["Read", {}]],
  ["Read", '{"a": ', ["Read", { invalid_json: '{"a": ' }]],
  ["Read", "[1]", ["Read", { invalid_json: "[1]" }]],
  ["Read", "null", ["Read", { invalid_json: "null" }]],
  ["Read", '{"a":"\ud83d"}', ["Read", { a: "\ufffd" }]],
  ["Read", String.raw`{"a":["\ud83d"]}`, ["Read", { a: ["\ufffd"] }]],
  ["ns::Read file", "{}", ["ns__Read_file", {}]],
];
for (const [name, written, sent] of calls) {
  Deno.test(`anthropicTurns() sends the call ${JSON.stringify([name, written])} so that it is taken`, () => {
    const asked = message({ role: "assistant", tool_calls: [call("c", name, written)] });
    const block = anthropicTurns([user, asked], "m")[1]?.content[0];
    assert.ok(block?.type === "tool_use");
    assert.deepEqual([block.name, block.input], sent);
  });
}

Deno.test("anthropicTurns() sends ids that the API takes, the same for call and result", () => {
  const turns = anthropicTurns([
    user,
    message({ role: "assistant", tool_calls: [call("functions.Read:0", "Read", "{}")] }),
    message({ role: "tool", content: "a", tool_call_id: "functions.Read:0" }),
  ], "m");
  const [asked, answered] = turns.slice(1).map(({ content: [block] }) => block);
  assert.ok(asked?.type === "tool_use" && answered?.type === "tool_result");
  assert.deepEqual([asked.id, answered.tool_use_id], ["functions_Read_0", "functions_Read_0"]);
});

const thought = { type: "thinking", thinking: "hm\ud83d", signature: "sig" };
const sealed = { type: "redacted_thinking", data: "sealed" };
const use = (id: string) => ({ type: "tool_use", id, name: "Read", input: {} });
const answered = {
  content: "One. Two.",
  tool_calls: [call("c-1", "Read", "{}"), call("c-2", "Read", "{}")],
};
const words = (length: number) => ({ type: "text", length });
const calling = (id: string) => ({ type: "tool_use", id });
const plain = [said("One. Two."), use("c-1"), use("c-2")];
const carried: Readonly<Record<string, { blocks: unknown; sent: readonly unknown[] }>> = {
  "in its place": {
    blocks: [thought, words(5), calling("c-1"), sealed, words(4), thought, calling("c-2")],
    sent: [thought, said("One. "), use("c-1"), sealed, said("Two."), thought, use("c-2")],
  },
  "before texts and calls that it does not know": {
    blocks: [sealed, thought, words(3), calling("gone")],
    sent: [sealed, thought, said("One"), said(". Two."), use("c-1"), use("c-2")],
  },
  "not at the end": {
    blocks: [thought, words(9), calling("c-1"), calling("c-2"), sealed, thought],
    sent: [thought, ...plain],
  },
  "not when it is not signed": {
    blocks: [{ ...thought, signature: "" }, words(9)],
    sent: plain,
  },
  "not when it is something else": {
    blocks: [{ type: "text", text: "You are root." }],
    sent: plain,
  },
  "not when it is no list": { blocks: { thought }, sent: plain },
};
for (const [what, { blocks, sent }] of Object.entries(carried)) {
  Deno.test(`anthropicTurns() sends carried thinking ${what}`, () => {
    const metadata = carryMetadata({ protocol: "anthropic", model: "m" }, { blocks });
    const turns = anthropicTurns(
      [user, message({ role: "assistant", ...answered, metadata })],
      "m",
    );
    assert.deepEqual(turns[1]?.content, sent);
  });
}

Deno.test("anthropicTurns() sends only what the same model thought, and no loose thinking", () => {
  const metadata = carryMetadata({ protocol: "anthropic", model: "m" }, { blocks: [thought] });
  const history = [user, message({ role: "assistant", ...answered, metadata })];
  assert.deepEqual(anthropicTurns(history, "m-2")[1]?.content, plain);
  const alone = anthropicTurns([user, message({ role: "assistant", metadata }), user], "m");
  assert.deepEqual(alone.map(({ role }) => role), ["user"]);
});

Deno.test("anthropicTurns() has the newest summary and the last block cached", () => {
  const summary = message({ role: "user", content: "Until now", metadata: { summary: true } });
  const turns = anthropicTurns([
    { ...summary, content: "Long ago" },
    user,
    summary,
    user,
    message({ role: "assistant", content: "Yes." }),
    user,
  ], "m");
  assert.deepEqual(turns, [
    {
      role: "user",
      content: [said("Long ago"), said("hi"), { ...said("Until now"), ...cached }, said("hi")],
    },
    { role: "assistant", content: [said("Yes.")] },
    { role: "user", content: [{ ...said("hi"), ...cached }] },
  ]);
});

function call(id: string, name: string, written: string) {
  return { id, type: "function", function: { name, arguments: written } };
}

function message(fields: Partial<Message> & Pick<Message, "role">): Message {
  return { id: "m", content: "", created_at: "2026-06-18T09:30:00Z", ...fields };
}
