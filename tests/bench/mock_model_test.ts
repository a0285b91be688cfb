import { strict as assert } from "node:assert";
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

function clientOf({ baseUrl }: MockModel): OpenAI {
  return new OpenAI({ apiKey: "sk-test", baseURL: baseUrl, maxRetries: 0 });
}
