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
  ["the key of another provider: its default model", { keys: { ...NO_KEYS, anthropic: "k-a" } }, {
    type: "model",
    model: { provider: "anthropic", model: "claude-haiku-5-5" },
    credential: { provider: "anthropic", api_key: "k-a" },
  }],
  ["several keys: the first, and why", { keys: { ...NO_KEYS, anthropic: "k-a", gemini: "k-g" } }, {
    type: "model",
    model: { provider: "anthropic", model: "claude-haiku-5-5" },
    credential: { provider: "anthropic", api_key: "k-a" },
    why: "ANTHROPIC_API_KEY and GEMINI_API_KEY are set: ANTHROPIC_API_KEY comes first, so the " +
      "model is anthropic:claude-haiku-5-5; --model names another",
  }],
  ["a model takes its own key", {
    keys: { ...OPENAI, gemini: "k-g" },
    model: "gemini:gemini-3.8-flash",
  }, {
    type: "model",
    model: { provider: "gemini", model: "gemini-3.8-flash" },
    credential: { provider: "gemini", api_key: "k-g" },
  }],
  ["another's protocol elsewhere", { model: "anthropic:m", baseUrl: "http://h/v1" }, {
    type: "model",
    model: { provider: "anthropic", model: "m" },
    credential: { provider: "anthropic", api_key: "", base_url: "http://h/v1" },
  }],
  ["a server of its own kind", { model: "bodhi:m", baseUrl: "http://h" }, {
    type: "model",
    model: { provider: "bodhi", model: "m" },
    credential: { provider: "bodhi", api_key: "", base_url: "http://h" },
  }],
  ["a key of the environment never goes where a file says", {
    keys: OPENAI,
    model: "openai:m",
    base: base({
      secrets: {
        provider_credentials: [{ provider: "openai", api_key: "", base_url: "http://h/v1" }],
      },
    }),
  }, {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: { provider: "openai", api_key: "", base_url: "http://h/v1" },
  }],
  ["nor to another provider that a file says", {
    keys: OPENAI,
    model: "openai:m",
    baseUrl: "http://h/v1",
    base: base({
      secrets: {
        provider_credentials: [{ provider: "openai", api_key: "", provider_type: "anthropic" }],
      },
    }),
  }, {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: {
      provider: "openai",
      api_key: "",
      base_url: "http://h/v1",
      provider_type: "anthropic",
    },
  }],
  ["the protocol that the spec's credential gives", {
    model: "inst-1:m",
    baseUrl: "http://h/v1",
    base: base({
      secrets: {
        provider_credentials: [{ provider: "inst-1", api_key: "k", provider_type: "gemini" }],
      },
    }),
  }, {
    type: "model",
    model: { provider: "inst-1", model: "m" },
    credential: {
      provider: "inst-1",
      api_key: "k",
      base_url: "http://h/v1",
      provider_type: "gemini",
    },
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
  ["a configured provider, whose command tells the key", {
    keys: OPENAI,
    model: "work:m",
    providers: { work: { protocol: "gemini", base_url: "http://w/v1", key_command: "pass w" } },
  }, {
    type: "model",
    model: { provider: "work", model: "m" },
    credential: {
      provider: "work",
      api_key: "",
      base_url: "http://w/v1",
      provider_type: "gemini",
    },
    needsKey: true,
  }],
  ["a configured server without a key speaks OpenAI's protocol", {
    keys: OPENAI,
    model: "ollama:m",
    providers: { ollama: { base_url: OLLAMA.base_url } },
  }, {
    type: "model",
    model: { provider: "ollama", model: "m" },
    credential: { ...OLLAMA, provider_type: "openai" },
  }],
  ["a flag's address goes before the configured one", {
    model: "work:m",
    baseUrl: "http://flag/v1",
    providers: { work: { protocol: "openai", base_url: "http://w/v1" } },
  }, {
    type: "model",
    model: { provider: "work", model: "m" },
    credential: {
      provider: "work",
      api_key: "",
      base_url: "http://flag/v1",
      provider_type: "openai",
    },
  }],
  ["a variable's key goes before the command, and where the user configured", {
    keys: OPENAI,
    model: "openai:m",
    providers: { openai: { base_url: "http://proxy/v1", key_command: "pass o" } },
  }, {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: { provider: "openai", api_key: "sk-1", base_url: "http://proxy/v1" },
  }],
  ["but to no other protocol", {
    keys: OPENAI,
    model: "openai:m",
    providers: { openai: { protocol: "gemini", base_url: "http://proxy/v1" } },
  }, {
    type: "model",
    model: { provider: "openai", model: "m" },
    credential: {
      provider: "openai",
      api_key: "",
      base_url: "http://proxy/v1",
      provider_type: "gemini",
    },
  }],
  ["a command that tells a key leads to its default model", {
    providers: { work: { key_command: "a" }, gemini: { key_command: "b" } },
  }, {
    type: "model",
    model: { provider: "gemini", model: "gemini-3.8-flash" },
    credential: { provider: "gemini", api_key: "" },
    needsKey: true,
  }],
  ["a variable's key before that", {
    keys: { ...NO_KEYS, gemini: "k-g" },
    providers: { openai: { key_command: "a" } },
  }, {
    type: "model",
    model: { provider: "gemini", model: "gemini-3.8-flash" },
    credential: { provider: "gemini", api_key: "k-g" },
  }],
  ["a spec without a credential takes the configured provider", {
    base: base({ model: { provider: "work", model: "m" } }),
    providers: { work: { base_url: "http://w/v1", key_command: "pass w" } },
  }, {
    type: "model",
    model: { provider: "work", model: "m" },
    credential: { provider: "work", api_key: "", base_url: "http://w/v1", provider_type: "openai" },
    needsKey: true,
  }],
  ["one with a credential keeps its own, without the configured key", {
    baseUrl: "http://flag/v1",
    base: base({
      model: { provider: "work", model: "m" },
      secrets: { provider_credentials: [{ provider: "work", api_key: "", base_url: "http://h" }] },
    }),
    providers: { work: { base_url: "http://w/v1", key_command: "pass w" } },
  }, {
    type: "model",
    model: { provider: "work", model: "m" },
    credential: {
      provider: "work",
      api_key: "",
      base_url: "http://flag/v1",
      provider_type: "openai",
    },
  }],
  ["a provider that is called as an object's own things are is none", {
    model: "constructor:m",
    baseUrl: "http://h",
    providers: {},
  }, {
    type: "model",
    model: { provider: "constructor", model: "m" },
    credential: {
      provider: "constructor",
      api_key: "",
      base_url: "http://h",
      provider_type: "openai",
    },
  }],
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

const WHAT_WORKS = "set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, " +
  "or name a server with --model and --base-url";

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
    "another's key alone",
    { model: "gemini:g", keys: OPENAI },
    `GEMINI_API_KEY is not set: ${WHAT_WORKS}`,
  ],
  [
    "no address of a kind",
    { model: "copilot:m" },
    'provider "copilot" needs --base-url, the address of its server',
  ],
  [
    "several keys and an address",
    { keys: { ...OPENAI, gemini: "k-g" }, baseUrl: "http://h" },
    "OPENAI_API_KEY and GEMINI_API_KEY are set: --base-url needs --model provider:model",
  ],
];

Deno.test("chooseEngine() says what is missing and what would do", async (t) => {
  for (const [name, wish, message] of REFUSALS) {
    await t.step(name, () => {
      assert.throws(() => chooseEngine({ ...PLAIN, ...wish }), { fault: "bad_input", message });
    });
  }
});
