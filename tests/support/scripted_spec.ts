// Specs for workers under test, written out as hosts write them.
import type { Playground } from "./playground.ts";

export type Spec = {
  readonly identity: { readonly child_id: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
};

/** What a test says otherwise than usual; `capabilities` are laid over the usual ones. */
export type SpecFields = {
  readonly identity?: Spec["identity"];
  readonly capabilities?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
};

/** One answer of the scripted model. */
export type ScriptTurn = {
  readonly text?: string | readonly string[];
  readonly reasoning?: string;
  readonly expect?: string | readonly string[];
  readonly delay_ms?: number;
  readonly error?: { readonly status?: number; readonly message?: string };
  readonly tool_calls?: readonly ScriptCall[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
};

export type ScriptCall = {
  readonly name: string;
  readonly arguments?: string | Readonly<Record<string, unknown>>;
  readonly id?: string;
};

export function echoSpec(ground: Playground, fields: SpecFields = {}): Spec {
  return {
    version: 1,
    identity: { child_id: "c-1", role: "worker", depth: 0 },
    executor: { kind: "echo" },
    fabric_dir: ground.fabric,
    storage_dir: ground.storage,
    reusable: true,
    ...fields,
  };
}

/** A worker whose model says these turns, in the playground's workspace. */
export function scriptedSpec(
  ground: Playground,
  turns: readonly ScriptTurn[],
  { capabilities = {}, ...fields }: SpecFields = {},
): Spec {
  return echoSpec(ground, {
    executor: { kind: "bamboo_runtime" },
    workspace: ground.workspace,
    model: { provider: "scripted", model: "script" },
    capabilities: { script: { turns }, ...capabilities },
    ...fields,
  });
}

/** A worker whose model is a server that speaks OpenAI's protocol. */
export function modelSpec(
  ground: Playground,
  { baseUrl, apiKey = "sk-test-1234567890" }: { baseUrl: string; apiKey?: string },
  fields: SpecFields = {},
): Spec {
  return echoSpec(ground, {
    executor: { kind: "bamboo_runtime" },
    workspace: ground.workspace,
    model: { provider: "openai", model: "m-1" },
    secrets: {
      provider_credentials: [{ provider: "openai", api_key: apiKey, base_url: baseUrl }],
    },
    ...fields,
  });
}

/** A tool's name, and what it is called with. */
export type NamedCall = readonly [name: string, args: NonNullable<ScriptCall["arguments"]>];

/** A turn that calls tools one after another, and says nothing. */
export function calling(...calls: readonly NamedCall[]): ScriptTurn {
  return { tool_calls: calls.map(([name, args]) => ({ name, arguments: args })) };
}
