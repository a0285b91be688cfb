import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { isObject } from "../../src/core/schema.ts";
import { openAiProvider } from "../../src/providers/openai.ts";
import { type ModelRequest, ProviderError } from "../../src/providers/provider.ts";
import { caught, hear, REQUEST } from "./contract.ts";
import { chunk, eventStream } from "./model_server.ts";
import { responseStream } from "./response_stream.ts";

const TOOLS = [{
  type: "function",
  function: { name: "Read", description: "Reads.", parameters: { type: "object" } },
}];

type Answers = { readonly chat: () => Response; readonly responses: () => Response };

const says: Answers = {
  chat: () => eventStream(chunk({ content: "by chat" }, "stop")),
  responses: () => responseStream({ text: ["by responses"] }),
};
const missing = () => Response.json({ detail: "Not Found" }, { status: 404 });

function refusing(status: number, message: string): () => Response {
  return () => Response.json({ error: { message, param: "model", code: null } }, { status });
}

/** A provider before a server that answers so, and what it was asked: endpoint and effort. */
function asking(answers: Partial<Answers>) {
  const asked: string[] = [];
  const provider = openAiProvider({
    name: "openai",
    clock: systemClock,
    baseUrl: "http://m.invalid/v1",
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const endpoint = new URL(request.url).pathname === "/v1/responses" ? "responses" : "chat";
      const body: unknown = await request.json();
      const effort = isObject(body) ? body["reasoning_effort"] : undefined;
      asked.push(effort === undefined ? endpoint : `${endpoint} ${effort}`);
      return { ...says, ...answers }[endpoint]();
    },
  });
  return { provider, asked };
}

const ELSEWHERE = "This model is only supported in v1/responses and not in v1/chat/completions.";

type Case = {
  readonly request: Partial<ModelRequest>;
  readonly answers?: Partial<Answers>;
  /** Of two calls, one after the other. */
  readonly asked: readonly string[];
};
const cases: Readonly<Record<string, Case>> = {
  "chat completions for a model it does not know": {
    request: { tools: TOOLS },
    asked: ["chat", "chat"],
  },
  "responses for a model that has nothing else": {
    request: { model: "gpt-5.5-pro-2026-04-23" },
    asked: ["responses", "responses"],
  },
  "responses for tools where chat completions would switch reasoning off": {
    request: { model: "gpt-6-luna", tools: TOOLS },
    asked: ["responses", "responses"],
  },
  "chat completions for the same model without tools": {
    request: { model: "gpt-6-luna" },
    asked: ["chat", "chat"],
  },
  "chat completions, without reasoning, where the server has no responses": {
    request: { model: "gpt-6-luna", tools: TOOLS },
    answers: { responses: missing },
    asked: ["responses", "chat none", "chat none"],
  },
  "chat completions where the server allows no POST there": {
    request: { model: "gpt-5.4-mini", tools: TOOLS },
    answers: { responses: () => new Response(null, { status: 405 }) },
    asked: ["responses", "chat none", "chat none"],
  },
  "responses where an error of chat completions names them": {
    request: {},
    answers: { chat: refusing(404, ELSEWHERE) },
    asked: ["chat", "responses", "responses"],
  },
  "responses where an error says that it is no chat model": {
    request: {},
    answers: {
      chat: refusing(404, "This is not a chat model. Did you mean to use v1/completions?"),
    },
    asked: ["chat", "responses", "responses"],
  },
};
for (const [what, { request, answers = {}, asked: expected }] of Object.entries(cases)) {
  Deno.test(`openAiProvider() asks ${what}`, async () => {
    const { provider, asked } = asking(answers);
    for (const _ of ["first", "second"]) {
      const { text } = await hear(provider, { ...REQUEST, ...request });
      assert.equal(text, `by ${asked.at(-1)?.split(" ")[0]}`);
    }
    assert.deepEqual(asked, expected);
  });
}

for (const status of [400, 404, 405, 409, 415, 422]) {
  Deno.test(`openAiProvider() goes on to responses after a ${status} that names them`, async () => {
    const { provider, asked } = asking({ chat: refusing(status, "Please use /v1/responses.") });
    assert.equal((await hear(provider)).text, "by responses");
    assert.deepEqual(asked, ["chat", "responses"]);
  });
}

const stays: Readonly<Record<string, () => Response>> = {
  "a refusal that names no endpoint": refusing(400, "The model cannot do that"),
  "a failure that is no refusal": refusing(500, ELSEWHERE),
  "a wrong key": refusing(401, ELSEWHERE),
};
for (const [what, chat] of Object.entries(stays)) {
  Deno.test(`openAiProvider() stays with chat completions after ${what}`, async () => {
    const { provider, asked } = asking({ chat });
    assert.ok(await caught(hear(provider)) instanceof ProviderError);
    assert.deepEqual(asked, ["chat"]);
  });
}

Deno.test("openAiProvider() throws the first refusal when the other endpoint is missing too", async () => {
  const unknown = refusing(404, "The model does not exist");
  const { provider, asked } = asking({ chat: missing, responses: unknown });
  for (const _ of ["first", "second"]) {
    const error = await caught(hear(provider, { ...REQUEST, model: "gpt-6-luna", tools: TOOLS }));
    assert.ok(error instanceof ProviderError);
    assert.equal(error.message, "openai: HTTP 404: The model does not exist");
  }
  assert.deepEqual(asked, ["responses", "chat none", "responses", "chat none"]);
});

Deno.test("openAiProvider() throws what the other endpoint fails of", async () => {
  const { provider } = asking({ chat: refusing(404, ELSEWHERE), responses: refusing(429, "Slow") });
  const error = await caught(hear(provider));
  assert.ok(error instanceof ProviderError);
  assert.equal(error.message, "openai: HTTP 429: Slow");
});

Deno.test("openAiProvider() remembers for one model alone", async () => {
  let isFirst = true;
  const chat = () => {
    if (!isFirst) return says.chat();
    isFirst = false;
    return refusing(404, ELSEWHERE)();
  };
  const { provider, asked } = asking({ chat });
  await hear(provider, { ...REQUEST, model: "one" });
  await hear(provider, { ...REQUEST, model: "two" });
  assert.deepEqual(asked, ["chat", "responses", "chat"]);
});
