import { strict as assert } from "node:assert";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai/web";
import OpenAI from "openai";
import { MockModel, ONE_TURN_TEXT, oneTurn } from "../../bench/mock_model.ts";

Deno.test("MockModel answers chat completions as the SDK reads them", async () => {
  await using model = new MockModel(oneTurn);
  const chunks = await clientOf(model).chat.completions.create({
    model: "mock",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  let text = "";
  for await (const { choices } of chunks) text += choices[0]?.delta.content ?? "";
  assert.deepEqual([text, model.answers], [ONE_TURN_TEXT, 1]);
});

Deno.test("MockModel answers responses as the SDK reads them", async () => {
  await using model = new MockModel(oneTurn);
  const events = clientOf(model).responses.stream({ model: "mock", input: "Hello" });
  const { status, output_text } = await events.finalResponse();
  assert.deepEqual([status, output_text, model.answers], ["completed", ONE_TURN_TEXT, 1]);
});

Deno.test("MockModel answers messages as the SDK reads them", async () => {
  await using model = new MockModel(oneTurn);
  const baseURL = new URL(model.baseUrl).origin;
  const client = new Anthropic({ apiKey: "sk-test", authToken: null, baseURL, maxRetries: 0 });
  const messages = [{ role: "user", content: "Hello" } as const];
  const events = client.messages.stream({ model: "mock", max_tokens: 100, messages });
  assert.deepEqual([await events.finalText(), model.answers], [ONE_TURN_TEXT, 1]);
});

Deno.test("MockModel answers Gemini as the SDK reads it", async () => {
  await using model = new MockModel(oneTurn);
  const httpOptions = { baseUrl: new URL(model.baseUrl).origin, apiVersion: "v1" };
  const client = new GoogleGenAI({ apiKey: "test", httpOptions });
  const request = { model: "mock", contents: "Hello" };
  let text = "";
  for await (const chunk of await client.models.generateContentStream(request)) text += chunk.text;
  assert.deepEqual([text, model.answers], [ONE_TURN_TEXT, 1]);
});

function clientOf({ baseUrl }: MockModel): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL: baseUrl, maxRetries: 0 });
}
