import { strict as assert } from "node:assert";
import { geminiPath, geminiRequest } from "../../src/providers/gemini_request.ts";
import { REQUEST } from "./contract.ts";

const contents = [{ role: "user", parts: [{ text: "hello" }] }];

Deno.test("geminiRequest() offers the tools with the schema they have", () => {
  const parameters = { type: "object", additionalProperties: false, $schema: "x" };
  const tool = (parameters: unknown) => ({
    type: "function",
    function: { name: "Read", description: "Reads.", parameters },
  });
  const tools = [tool(parameters), tool(null)];
  assert.deepEqual(geminiRequest({ ...REQUEST, tools }), {
    contents,
    tools: [{
      functionDeclarations: [
        { name: "Read", description: "Reads.", parametersJsonSchema: parameters },
        { name: "Read", description: "Reads.", parametersJsonSchema: { type: "object" } },
      ],
    }],
    generationConfig: { maxOutputTokens: 100 },
  });
});

Deno.test("geminiRequest() puts the system message in its place", () => {
  const [message] = REQUEST.messages;
  assert.ok(message);
  const system = { ...message, role: "system", content: "Be careful." } as const;
  const nothing = { ...message, role: "system", content: "" } as const;
  assert.deepEqual(geminiRequest({ ...REQUEST, messages: [system, message] }), {
    contents,
    systemInstruction: { parts: [{ text: "Be careful." }] },
    generationConfig: { maxOutputTokens: 100 },
  });
  assert.deepEqual(geminiRequest({ ...REQUEST, messages: [nothing, message] }), {
    contents,
    generationConfig: { maxOutputTokens: 100 },
  });
});

const level = (thinkingLevel: string) => ({ includeThoughts: true, thinkingLevel });
const budget = (thinkingBudget: number) => ({ includeThoughts: true, thinkingBudget });
const efforts: readonly (readonly [string, string | undefined, unknown])[] = [
  ["gemini-2.5-flash", undefined, undefined],
  ["gemini-2.5-flash", "low", undefined],
  ["gemini-2.5-flash", "medium", budget(1024)],
  ["gemini-2.5-pro", "high", budget(4096)],
  ["models/gemini-2.5-pro", "xhigh", budget(8192)],
  ["gemini-2.5-flash-lite", "max", budget(8192)],
  ["gemini-2.5-flash", "enormous", undefined],
  ["gemini-3-pro-preview", undefined, undefined],
  ["gemini-3-flash-preview", "low", level("LOW")],
  ["gemini-3.1-pro-preview", "medium", level("MEDIUM")],
  ["models/gemini-3.8-flash", "high", level("HIGH")],
  ["gemini-4-argon", "xhigh", level("HIGH")],
  ["Gemini-3", "max", level("HIGH")],
  ["gemini-flash-latest", "high", level("HIGH")],
  ["gemini-3-flash", "toString", undefined],
  ["gemini-2.0-flash", "high", undefined],
  ["gemini-1.5-pro", "max", undefined],
  ["gemma-3-27b-it", "high", undefined],
  ["my-gemini-3", "high", undefined],
];
for (const [model, reasoningEffort, sent] of efforts) {
  Deno.test(`geminiRequest() tells ${model} how much to think when asked for ${reasoningEffort}`, () => {
    const { generationConfig } = geminiRequest({ ...REQUEST, model, reasoningEffort });
    assert.deepEqual(generationConfig.thinkingConfig, sent);
  });
}

const paths: readonly (readonly [string, string])[] = [
  ["gemini-2.5-flash", "gemini-2.5-flash"],
  ["models/gemini-2.5-flash", "gemini-2.5-flash"],
  ["../../upload", "..%2F..%2Fupload"],
  ["models/../x", "..%2Fx"],
  ["..", ".."],
  ["a?key=b#c", "a%3Fkey%3Db%23c"],
  ["a%2fb", "a%252fb"],
  ["a\\b", "a%5Cb"],
  ["a\ud83d", "a%EF%BF%BD"],
];
for (const [model, name] of paths) {
  Deno.test(`geminiPath() keeps ${JSON.stringify(model)} in its place`, () => {
    const path = geminiPath(model);
    assert.equal(path, `/models/${name}:streamGenerateContent?alt=sse`);
    const { pathname, search, hash } = new URL(`https://model.invalid/v1beta${path}`);
    assert.deepEqual(
      { pathname, search, hash },
      {
        pathname: `/v1beta/models/${name}:streamGenerateContent`,
        search: "?alt=sse",
        hash: "",
      },
    );
  });
}
