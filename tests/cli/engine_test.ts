import { strict as assert } from "node:assert";
import { chooseEngine, type Engine, type EngineWish } from "../../src/cli/engine.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";

const NO_KEYS = { openai: undefined, anthropic: undefined, gemini: undefined };
const OPENAI = { ...NO_KEYS, openai: "sk-1" };
const PLAIN: EngineWish = { echo: false, hasWorkspace: false, keys: NO_KEYS };

function base(fields: Readonly<Record<string, unknown>>): EngineWish["base"] {
  return decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "c-1" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/f",
    ...fields,
  }));
}

const OLLAMA = { provider: "ollama", api_key: "", base_url: "http://127.0.0.1:11434/v1" };

const CHOICES: readonly [string, Partial<EngineWish>, Engine][] = [
  ["nothing: the demo", {}, { type: "demo" }],
  ["a key: its default model", { keys: OPENAI }, {
    type: "model",
    model: { provider: "openai", model: "gpt-6-luna" },
    credential: { provider: "openai", api_key: "sk-1" },
  }],
  ["a key and an address", { keys: OPENAI, baseUrl: "http://127.0.0.1:1/v1" }, {
    type: "model",
    model: { provider: "openai", model: "gpt-6-luna" },
    credential: { provider: "openai", api_key: "sk-1", base_url: "http://127.0.0.1:1/v1" },
  }],
  ["a model wins over the default", { keys: OPENAI, model: "openai:gpt-6-sol" }, {
    type: "model",
    model: { provider: "openai", model: "gpt-6-sol" },
    credential: { provider: "openai", api_key: "sk-1" },
  }],
  ["OpenAI's protocol elsewhere, without a key", { model: "openai:m", baseUrl: "http://h/v1" }, {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: { provider: "openai", api_key: "", base_url: "http://h/v1" },
  }],
  [
    "another server never gets OpenAI's key",
    { keys: OPENAI, model: "ollama:llama3:8b", baseUrl: OLLAMA.base_url },
    {
      type: "model",
      model: { provider: "ollama", model: "llama3:8b" },
      credential: { ...OLLAMA, provider_type: "openai" },
    },
  ],
  ["echo", { echo: true, keys: OPENAI }, { type: "echo" }],
  ["a script", { script: { turns: [] }, keys: OPENAI }, { type: "script", script: { turns: [] } }],
  ["a spec that echoes", { base: base({ executor: { kind: "echo" } }) }, { type: "given" }],
  ["a spec that is scripted", { base: base({ model: { provider: "scripted", model: "x" } }) }, {
    type: "given",
  }],
  [
    "a spec with its own credential",
    {
      keys: OPENAI,
      base: base({
        model: { provider: "openai", model: "m" },
        secrets: { provider_credentials: [{ provider: "openai", api_key: "sk-spec" }] },
      }),
    },
    { type: "given" },
  ],
  [
    "a spec without a credential takes the key",
    { keys: OPENAI, base: base({ model: { provider: "openai", model: "m" } }) },
    {
      type: "model",
      model: { provider: "openai", model: "m" },
      credential: { provider: "openai", api_key: "sk-1" },
    },
  ],
  [
    "an address is laid over the spec's credential",
    {
      baseUrl: "http://h/v1",
      base: base({
        model: { provider: "openai", model: "m" },
        secrets: { provider_credentials: [{ provider: "openai", api_key: "sk-spec" }] },
      }),
    },
    {
      type: "model",
      model: { provider: "openai", model: "m" },
      credential: { provider: "openai", api_key: "sk-spec", base_url: "http://h/v1" },
    },
  ],
  ["a spec without a model takes the default", { keys: OPENAI, base: base({}) }, {
    type: "model",
    model: { provider: "openai", model: "gpt-6-luna" },
    credential: { provider: "openai", api_key: "sk-1" },
  }],
];

Deno.test("chooseEngine() follows flags, spec and keys", async (t) => {
  for (const [name, wish, expected] of CHOICES) {
    await t.step(name, () => assert.deepEqual(chooseEngine({ ...PLAIN, ...wish }), expected));
  }
});

const WHAT_WORKS =
  "set OPENAI_API_KEY, or name an OpenAI-compatible server with --model and --base-url";

const REFUSALS: readonly [string, Partial<EngineWish>, string][] = [
  [
    "two engines",
    { echo: true, model: "openai:m" },
    "--model, --script and --echo exclude each other",
  ],
  [
    "no provider",
    { model: "gpt-6-luna" },
    "--model: expected provider:model, such as openai:gpt-6-luna",
  ],
  ["no model", { model: "openai:" }, "--model: expected provider:model, such as openai:gpt-6-luna"],
  ["no key", { model: "openai:m" }, `OPENAI_API_KEY is not set: ${WHAT_WORKS}`],
  [
    "no address",
    { model: "ollama:m", keys: OPENAI },
    'provider "ollama" needs --base-url, the address of its server',
  ],
  ["an address alone", { baseUrl: "http://h" }, "--base-url needs --model provider:model"],
  ["no script", { model: "scripted:x" }, "the scripted provider needs --script FILE"],
  ["a workspace and no model", { hasWorkspace: true }, `no model to run on: ${WHAT_WORKS}`],
  ["a spec and no model", { base: base({}) }, `no model to run on: ${WHAT_WORKS}`],
  [
    "another's key",
    { keys: { ...NO_KEYS, anthropic: "k" } },
    `ANTHROPIC_API_KEY is set, but Anthropic's protocol comes in a later version: ${WHAT_WORKS}`,
  ],
  [
    "another's model",
    { model: "gemini:g", baseUrl: "http://h" },
    `Gemini's protocol comes in a later version: ${WHAT_WORKS}`,
  ],
];

Deno.test("chooseEngine() says what is missing and what would do", async (t) => {
  for (const [name, wish, message] of REFUSALS) {
    await t.step(name, () => {
      assert.throws(() => chooseEngine({ ...PLAIN, ...wish }), { fault: "bad_input", message });
    });
  }
});
