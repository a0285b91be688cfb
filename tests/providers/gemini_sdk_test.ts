// Google's own client as the judge: it asks what we ask, and hears what we hear.
import { strict as assert } from "node:assert";
import { type GenerateContentParameters, GoogleGenAI } from "@google/genai/web";
import { systemClock } from "../../src/base/clock.ts";
import type { Message } from "../../src/core/message.ts";
import { carryMetadata } from "../../src/providers/carry.ts";
import { geminiProvider } from "../../src/providers/gemini.ts";
import { geminiPath, geminiRequest } from "../../src/providers/gemini_request.ts";
import type { Fetch, ModelRequest } from "../../src/providers/provider.ts";
import { hear, REQUEST } from "./contract.ts";
import { EVENT_STREAM } from "./model_server.ts";

const BASE = "https://model.invalid";
const call = (id: string) => ({
  id,
  type: "function",
  function: { name: "Read", arguments: "{}" },
});
const png = {
  type: "image_url",
  image_url: { url: "data:image/png;base64,iVBORw0KGgo=" },
} as const;

const conversation: readonly Message[] = [
  message({ role: "system", content: "Be careful." }),
  message({ role: "user", content: "look", content_parts: [png] }),
  message({
    role: "assistant",
    content: "I look.",
    tool_calls: [call("c-1"), call("c-2")],
    metadata: carryMetadata({ protocol: "gemini", model: "gemini-3-flash-preview" }, {
      parts: [{ type: "text", length: 7 }, { type: "call", signature: "AA==" }, { type: "call" }],
    }),
  }),
  message({ role: "tool", content: "a", tool_call_id: "c-1", content_parts: [png] }),
  message({ role: "tool", content: "b", tool_call_id: "c-2", tool_success: false }),
  message({ role: "assistant", content: "", tool_calls: [call("c-3")] }),
  message({ role: "tool", content: "c", tool_call_id: "c-3" }),
];
const tools = [{
  type: "function",
  function: { name: "Read", description: "Reads.", parameters: { type: "object" } },
}];
const requests: readonly ModelRequest[] = [
  { ...REQUEST, model: "gemini-2.5-flash" },
  { ...REQUEST, model: "models/gemini-2.5-pro", reasoningEffort: "high" },
  { ...REQUEST, model: "gemini-2.5-flash", messages: conversation, tools },
  {
    ...REQUEST,
    model: "gemini-3-flash-preview",
    messages: conversation,
    tools,
    reasoningEffort: "max",
  },
];
for (const request of requests) {
  const { model, messages } = request;
  Deno.test(`geminiRequest() asks ${model} with ${messages.length} messages as Google's client does`, async () => {
    const asked: unknown[] = [];
    await clientHears(request, async (input, init) => {
      const sent = new Request(input, init);
      asked.push(sent.url, await sent.json());
      return new Response("", { headers: EVENT_STREAM });
    });
    const body = JSON.parse(JSON.stringify(geminiRequest(request)));
    assert.deepEqual(asked, [`${BASE}/v1beta${geminiPath(model)}`, body]);
  });
}

const files = [
  "text.txt",
  "thoughts_and_call.txt",
  "signed_text.txt",
  "blocked.txt",
  "max_tokens.txt",
];
for (const file of files) {
  Deno.test(`geminiProvider() hears in ${file} what Google's client hears`, async () => {
    const bytes = await Deno.readFile(
      new URL(`../fixtures/providers/gemini/${file}`, import.meta.url),
    );
    const fetch = () => Promise.resolve(new Response(bytes, { headers: EVENT_STREAM }));
    const provider = geminiProvider({
      name: "gemini",
      clock: systemClock,
      baseUrl: `${BASE}/v1beta`,
      fetch,
    });
    const { reasoning, text, calls, usage } = await hear(provider);
    const client = await clientHears(REQUEST, fetch);
    assert.deepEqual({ reasoning, text, calls, total: usage?.totalTokens }, client);
  });
}

/** What the client makes of the answer to a request, whose body it puts together itself. */
async function clientHears(request: ModelRequest, fetch: Fetch) {
  const client = new GoogleGenAI({
    apiKey: "none",
    apiVersion: "v1beta",
    httpOptions: { baseUrl: BASE, fetch },
  });
  const calls: unknown[] = [];
  const heard = { reasoning: "", text: "", total: 0 };
  for await (const chunk of await client.models.generateContentStream(parametersOf(request))) {
    heard.total = chunk.usageMetadata?.totalTokenCount ?? heard.total;
    for (const part of chunk.candidates?.[0]?.content?.parts ?? []) {
      heard[part.thought ? "reasoning" : "text"] += part.text ?? "";
      if (!part.functionCall) continue;
      const { id, name, args } = part.functionCall;
      calls.push({ id, name, arguments: JSON.stringify(args) });
    }
  }
  return { ...heard, calls };
}

function parametersOf(request: ModelRequest): GenerateContentParameters {
  const { contents, generationConfig, ...rest } = geminiRequest(request);
  const config = { ...rest, ...generationConfig };
  return JSON.parse(JSON.stringify({ model: request.model, contents, config }));
}

function message(fields: Partial<Message> & Pick<Message, "role">): Message {
  return { id: "m", content: "", created_at: "2026-06-18T09:30:00Z", ...fields };
}
