import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { createProvider } from "../../src/providers/create.ts";
import { chunk, eventStream } from "./model_server.ts";
import { caught, hear } from "./contract.ts";

const options = {
  name: "inst-7",
  baseUrl: "http://model.invalid/v1",
  fetch: () => Promise.resolve(eventStream(chunk({ content: "Hi" }, "stop"), "[DONE]")),
  clock: systemClock,
};

Deno.test("createProvider() makes an openai provider of the given name", async () => {
  const provider = await createProvider("openai", options);
  assert.equal(provider.name, "inst-7");
  assert.equal((await hear(provider)).text, "Hi");
});

for (const protocol of ["anthropic", "gemini"] as const) {
  Deno.test(`createProvider() makes an ${protocol} provider of the given name`, async () => {
    const asked: string[] = [];
    const provider = await createProvider(protocol, {
      ...options,
      fetch: (input) => {
        asked.push(new URL(input instanceof Request ? input.url : input).pathname);
        return Promise.resolve(new Response("", { status: 503 }));
      },
    });
    assert.match(String(await caught(hear(provider))), /inst-7: HTTP 503/);
    const paths = {
      anthropic: "/v1/messages",
      gemini: "/v1/models/test-model:streamGenerateContent",
    };
    assert.deepEqual(asked, [paths[protocol]]);
  });
}

Deno.test("createProvider() makes a scripted provider that plays the script", async () => {
  const script = { turns: [{ text: "as told" }] };
  const provider = await createProvider("scripted", { ...options, script });
  assert.equal((await hear(provider)).text, "as told");
});

Deno.test("createProvider() plays the demo in the workspace when there is no script", async () => {
  const provider = await createProvider("scripted", { ...options, workspace: "/tmp/demo" });
  const { calls } = await hear(provider);
  assert.deepEqual(calls.map((call) => call.arguments), [
    '{"pattern":"**/*","path":"/tmp/demo"}',
  ]);
});
