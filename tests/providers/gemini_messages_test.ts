import { strict as assert } from "node:assert";
import type { Message, MessagePart } from "../../src/core/message.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import { geminiContents, systemInstruction } from "../../src/providers/gemini_messages.ts";
import { REQUEST } from "./contract.ts";

const OLD = "gemini-2.5-flash";
const NEW = "gemini-3-flash-preview";
const UNSIGNED = { thoughtSignature: "skip_thought_signature_validator" };
const DATA = "iVBORw0KGgo=";
const PNG = `data:image/png;base64,${DATA}`;

Deno.test("geminiContents() keeps the order and joins what belongs to one turn", () => {
  const conversation = [
    message({ role: "system", content: "Be careful." }),
    message({ role: "user", content: "read both" }),
    message({
      role: "assistant",
      content: "I look.",
      tool_calls: [call("c-1"), call("c-2", "Glob")],
    }),
    message({ role: "tool", content: "a.md", tool_call_id: "c-2", tool_success: true }),
    message({ role: "tool", content: "Error: gone", tool_call_id: "c-1", tool_success: false }),
    message({ role: "user", content: "and now?" }),
    message({ role: "user", content: "(hurry)" }),
    message({ role: "assistant", content: "Hm." }),
    message({ role: "assistant", content: "", reasoning: "hm", tool_calls: [call("c-3")] }),
    message({ role: "tool", content: "alpha", tool_call_id: "c-3" }),
    message({ role: "assistant", content: "" }),
    message({ role: "user", content: "" }),
    message({ role: "assistant", content: "Done.", tool_calls: [] }),
  ];
  assert.deepEqual(contentsOf(conversation), [
    { role: "user", parts: [{ text: "read both" }] },
    {
      role: "model",
      parts: [{ text: "I look." }, called("c-1"), called("c-2", "Glob")],
    },
    {
      role: "user",
      parts: [
        answered("c-1", "Read", { error: "Error: gone" }),
        answered("c-2", "Glob", { output: "a.md" }),
      ],
    },
    { role: "user", parts: [{ text: "and now?" }] },
    { role: "user", parts: [{ text: "(hurry)" }] },
    { role: "model", parts: [{ text: "Hm." }, called("c-3")] },
    { role: "user", parts: [answered("c-3", "Read", { output: "alpha" })] },
    { role: "model", parts: [{ text: "Done." }] },
  ]);
});

Deno.test("systemInstruction() holds each system message that says something", () => {
  const system = (content: string) => message({ role: "system", content });
  const messages = [
    system("a\ud83d"),
    message({ role: "user", content: "u" }),
    system(""),
    system("b"),
  ];
  assert.deepEqual(systemInstruction(messages), { parts: [{ text: "a\ufffd" }, { text: "b" }] });
  assert.equal(systemInstruction([system("")]), undefined);
});

const text = (text: string): MessagePart => ({ type: "text", text });
const image = (url: string): MessagePart => ({ type: "image_url", image_url: { url } });
const absent = { text: "[image not available]" };
const contents: Readonly<Record<string, [content: string, parts: MessagePart[], sent: unknown]>> = {
  "parts with an image": ["look", [text("look"), image(PNG), text("")], [
    { text: "look" },
    { inlineData: { mimeType: "image/png", data: DATA } },
  ]],
  "the content before an image when no part is text": ["look", [image(PNG)], [
    { text: "look" },
    { inlineData: { mimeType: "image/png", data: DATA } },
  ]],
  "the type of an image by its right name": ["", [image(`DATA:image/JPG;a=b;BASE64,${DATA}`)], [
    { inlineData: { mimeType: "image/jpeg", data: DATA } },
  ]],
  "an image on the web that tells its type": ["", [image("https://img.example/a.WebP?b=.gif")], [
    { fileData: { fileUri: "https://img.example/a.WebP?b=.gif", mimeType: "image/webp" } },
  ]],
  "a note for an image that cannot be sent": [
    "",
    [
      "https://img.example/a",
      "https://img.example/a.gif",
      "bamboo-attachment://s/1.png",
      "file:///etc/passwd.png",
      "no.png",
      `data:image/gif;base64,${DATA}`,
      "data:image/png;base64,",
      "data:image/png;base64,<>",
      "data:image/png,abc",
      `data:text/png;base64,${DATA}`,
    ].map(image),
    Array.from({ length: 10 }, () => absent),
  ],
  "the content when all parts are text": ["whole", [text("part")], [{ text: "whole" }]],
};
for (const [what, [content, content_parts, sent]] of Object.entries(contents)) {
  Deno.test(`geminiContents() sends ${what}`, () => {
    const mapped = contentsOf([message({ role: "user", content, content_parts })]);
    assert.deepEqual(mapped, [{ role: "user", parts: sent }]);
  });
}

const shown = [
  message({ role: "assistant", tool_calls: [call("c-1"), call("c-2")] }),
  message({
    role: "tool",
    content: "a",
    tool_call_id: "c-2",
    content_parts: [image("x"), image(PNG)],
  }),
  message({ role: "tool", content: "b", tool_call_id: "c-1" }),
];
const inlineData = { mimeType: "image/png", data: DATA };

Deno.test("geminiContents() sends what a tool shows beside the answers to 2.5", () => {
  assert.deepEqual(contentsOf(shown)[1]?.parts, [
    answered("c-1", "Read", { output: "b" }),
    answered("c-2", "Read", { output: "a" }),
    { inlineData },
  ]);
});

Deno.test("geminiContents() sends what a tool shows in its answer from 3 on", () => {
  const { functionResponse } = answered("c-2", "Read", { output: "a" });
  assert.deepEqual(contentsOf(shown, NEW)[1]?.parts, [
    answered("c-1", "Read", { output: "b" }),
    { functionResponse: { ...functionResponse, parts: [{ inlineData }] } },
  ]);
});

Deno.test("geminiContents() sends an answer to no call under a name all the same", () => {
  const mapped = contentsOf([message({ role: "tool", content: "x", tool_call_id: "c-9" })]);
  assert.deepEqual(mapped, [{
    role: "user",
    parts: [answered("c-9", "unknown", { output: "x" })],
  }]);
});

const calls: readonly (readonly [string, string, string, unknown])[] = [
  ["Read", '{ "a": 1.0 }', "Read", { a: 1 }],
  ["Read", '{"__proto__":{"a":1}}', "Read", JSON.parse('{"__proto__":{"a":1}}')],
  ["Read", " \n", "Read", {}],
  ["Read", '{"a": ', "Read", { invalid_json: '{"a": ' }],
  ["Read", "[1]", "Read", { invalid_json: "[1]" }],
  ["Read", '{"a":"\ud83d"}', "Read", { a: "\ufffd" }],
  ["ns::Read file", "{}", "ns__Read_file", {}],
  ["1st", "{}", "_st", {}],
  ["-x", "{}", "_x", {}],
  ["", "{}", "unknown", {}],
  ["x".repeat(70), "{}", "x".repeat(64), {}],
];
for (const [name, written, sentName, args] of calls) {
  Deno.test(`geminiContents() sends the call ${JSON.stringify([name, written])} so that the API takes it`, () => {
    const tool_calls = [{ id: "c", type: "function", function: { name, arguments: written } }];
    const mapped = contentsOf([
      message({ role: "assistant", tool_calls }),
      message({ role: "tool", content: "x", tool_call_id: "c" }),
    ]);
    assert.deepEqual(mapped, [
      { role: "model", parts: [{ functionCall: { id: "c", name: sentName, args } }] },
      { role: "user", parts: [answered("c", sentName, { output: "x" })] },
    ]);
  });
}

const said = { content: "ab😀c", tool_calls: [call("c-1"), call("c-2", "Glob")] } as const;
const plain = [{ text: "ab😀c" }, { ...called("c-1"), ...UNSIGNED }, called("c-2", "Glob")];
const carried: Readonly<Record<string, [data: unknown, parts: unknown]>> = {
  "each signature on its own part": [
    {
      parts: [
        { type: "thought", text: "hm", signature: "s-0" },
        { type: "text", length: 2 },
        { type: "text", length: 2, signature: "s-1" },
        { type: "call", signature: "s-2" },
        { type: "text", length: 1 },
        { type: "call" },
        { type: "text", length: 0, signature: "s-3" },
      ],
    },
    [
      { text: "hm", thought: true, thoughtSignature: "s-0" },
      { text: "ab" },
      { text: "😀", thoughtSignature: "s-1" },
      { ...called("c-1"), thoughtSignature: "s-2" },
      { text: "c" },
      called("c-2", "Glob"),
      { text: "", thoughtSignature: "s-3" },
    ],
  ],
  "a first call that was not signed with the documented word": [
    { parts: [{ type: "text", length: 5, signature: "s" }, { type: "call" }, { type: "call" }] },
    [
      { text: "ab😀c", thoughtSignature: "s" },
      { ...called("c-1"), ...UNSIGNED },
      called("c-2", "Glob"),
    ],
  ],
  "no half of a surrogate pair": [
    {
      parts: [
        { type: "text", length: 3, signature: "s" },
        { type: "text", length: 2 },
        { type: "call", signature: "s" },
        { type: "call" },
      ],
    },
    [
      { text: "ab\ufffd", thoughtSignature: "s" },
      { text: "\ufffdc" },
      { ...called("c-1"), thoughtSignature: "s" },
      called("c-2", "Glob"),
    ],
  ],
  "nothing carried when the text is another": [
    { parts: [{ type: "text", length: 4 }, { type: "call", signature: "s" }, { type: "call" }] },
    plain,
  ],
  "nothing carried when the text is longer there": [
    { parts: [{ type: "text", length: 9 }, { type: "call", signature: "s" }, { type: "call" }] },
    plain,
  ],
  "nothing carried when the calls are others": [
    { parts: [{ type: "text", length: 5 }, { type: "call", signature: "s" }] },
    plain,
  ],
  "nothing carried when there are more calls there": [
    {
      parts: [
        { type: "text", length: 5 },
        { type: "call", signature: "s" },
        { type: "call" },
        { type: "call" },
      ],
    },
    plain,
  ],
  "nothing carried of another shape": [{ parts: [{ type: "text", length: -1 }] }, plain],
  "nothing carried that is no object": ["s", plain],
};
for (const [what, [data, parts]] of Object.entries(carried)) {
  Deno.test(`geminiContents() sends ${what}`, () => {
    const metadata = carryMetadata({ protocol: "gemini", model: NEW }, data);
    const mapped = contentsOf([message({ role: "assistant", ...said, metadata })], NEW);
    assert.deepEqual(mapped, [{ role: "model", parts }]);
  });
}

Deno.test("geminiContents() sends no signature of another model", () => {
  const data = {
    parts: [{ type: "text", length: 5 }, { type: "call", signature: "s" }, { type: "call" }],
  };
  const metadata = carryMetadata({ protocol: "gemini", model: OLD }, data);
  const messages = [message({ role: "assistant", ...said, metadata })];
  assert.deepEqual(contentsOf(messages, NEW), [{ role: "model", parts: plain }]);
  const own = { ...called("c-1"), thoughtSignature: "s" };
  const parts = [{ text: "ab😀c" }, own, called("c-2", "Glob")];
  assert.deepEqual(contentsOf(messages, OLD), [{ role: "model", parts }]);
});

Deno.test("geminiContents() signs the first call of each answer for want of better", () => {
  const mapped = contentsOf([
    message({ role: "assistant", content: "text alone" }),
    message({ role: "assistant", tool_calls: [call("c-1"), call("c-2")] }),
    message({ role: "tool", tool_call_id: "c-1" }),
    message({ role: "tool", tool_call_id: "c-2" }),
    message({ role: "assistant", tool_calls: [call("c-3")] }),
  ], NEW);
  assert.deepEqual(mapped.filter(({ role }) => role === "model"), [
    {
      role: "model",
      parts: [{ text: "text alone" }, { ...called("c-1"), ...UNSIGNED }, called("c-2")],
    },
    { role: "model", parts: [{ ...called("c-3"), ...UNSIGNED }] },
  ]);
});

function contentsOf(messages: readonly Message[], model = OLD) {
  return geminiContents({ ...REQUEST, model, messages });
}

function call(id: string, name = "Read") {
  return { id, type: "function", function: { name, arguments: '{"a":1}' } };
}

function called(id: string, name = "Read") {
  return { functionCall: { id, name, args: { a: 1 } } };
}

function answered(id: string, name: string, response: Readonly<Record<string, string>>) {
  return { functionResponse: { id, name, response } };
}

function message(fields: Partial<Message> & Pick<Message, "role">): Message {
  return { id: "m", content: "", created_at: "2026-06-18T09:30:00Z", ...fields };
}
