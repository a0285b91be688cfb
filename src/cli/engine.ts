// What a run runs on: the model, script or echo that flags, spec and keys lead to. Pure.
import { WorkerError } from "../core/errors.ts";
import type { Credential, ModelRef, ProvisionSpec } from "../protocol/spec.ts";
import { KINDS } from "../providers/protocol.ts";
import { DEFAULT_MODELS } from "./default_models.ts";
import type { ProviderValues } from "./config_values.ts";
import { KEY_OWNERS, KEY_VARIABLES, type KeyOwner } from "./environment.ts";

export type Engine =
  | {
    readonly type: "model";
    readonly model: ModelRef;
    readonly credential: Credential;
    /** Whether the command that is configured for its provider tells the key. */
    readonly needsKey?: boolean;
    /** Why this one, where nobody named it and another would have done. */
    readonly why?: string;
  }
  | { readonly type: "script"; readonly script: Script }
  | { readonly type: "echo" }
  /** As the spec given with --spec says. */
  | { readonly type: "given" }
  /** The built-in example, in a folder of its own. */
  | { readonly type: "demo" };

export type EngineWish = {
  /** `provider:model`. */
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly script?: Script | undefined;
  readonly echo: boolean;
  /** Whether the user named a workspace: then no demo. */
  readonly hasWorkspace: boolean;
  readonly base?: ProvisionSpec | undefined;
  readonly keys: Readonly<Record<KeyOwner, string | undefined>>;
  /** As configured, by name. */
  readonly providers?: Providers | undefined;
};

type Providers = Readonly<Record<string, ProviderValues>>;
type Script = Readonly<Record<string, unknown>>;

/** @throws WorkerError `bad_input` with what is missing and what would do. */
export function chooseEngine(wish: EngineWish): Engine {
  const { model, script, echo, base, baseUrl, keys } = wish;
  const named = [model !== undefined, script !== undefined, echo].filter(Boolean).length;
  if (named > 1) throw bad("--model, --script and --echo exclude each other");
  if (echo) return { type: "echo" };
  if (script !== undefined) return { type: "script", script };
  if (model !== undefined) return modelEngine(parseModel(model), wish);
  if (base && base.executor.kind !== "bamboo_runtime") return { type: "given" };
  if (base?.model) return givenModel(base.model, wish);
  const owners = KEY_OWNERS.filter((owner) => keys[owner] !== undefined);
  if (owners.length > 0) return defaultEngine(owners, wish);
  const owner = defaultOwner(wish);
  if (owner) return modelEngine({ provider: owner, model: DEFAULT_MODELS[owner] }, wish);
  if (baseUrl !== undefined) throw bad("--base-url needs --model provider:model");
  if (base || wish.hasWorkspace) throw bad(`no model to run on: ${WHAT_WORKS}`);
  return { type: "demo" };
}

/** Whose default model is used when nobody names one: the first whose key is to be had. */
export function defaultOwner(
  { keys, providers = {} }: Pick<EngineWish, "keys" | "providers">,
): KeyOwner | undefined {
  return KEY_OWNERS.find((owner) => keys[owner] !== undefined) ??
    KEY_OWNERS.find((owner) => providers[owner]?.key_command !== undefined);
}

/** The default model of the first key; with an address it must be clear whose protocol it speaks. */
function defaultEngine(owners: readonly KeyOwner[], wish: EngineWish): Engine {
  const [owner = "openai", ...others] = owners;
  if (others.length > 0 && wish.baseUrl !== undefined) {
    throw bad(`${listed(owners)} are set: --base-url needs --model provider:model`);
  }
  const engine = modelEngine({ provider: owner, model: DEFAULT_MODELS[owner] }, wish);
  if (others.length === 0 || engine.type !== "model") return engine;
  const why = `${listed(owners)} are set: ${KEY_VARIABLES[owner]} comes first, so the model is ` +
    `${owner}:${DEFAULT_MODELS[owner]}; --model names another`;
  return { ...engine, why };
}

function listed(owners: readonly KeyOwner[]): string {
  return new Intl.ListFormat("en").format(owners.map((owner) => KEY_VARIABLES[owner]));
}

/** The spec's own model; its key may come from the environment. */
function givenModel(model: ModelRef, wish: EngineWish): Engine {
  const credentials = wish.base?.secrets.provider_credentials ?? [];
  const isComplete = model.provider === "scripted" ||
    credentials.some(({ provider }) => provider === model.provider);
  return isComplete && wish.baseUrl === undefined ? { type: "given" } : modelEngine(model, wish);
}

function modelEngine(model: ModelRef, { keys, baseUrl, base, providers }: EngineWish): Engine {
  const { provider } = model;
  if (provider === "scripted") throw bad("the scripted provider needs --script FILE");
  const given = base?.secrets.provider_credentials.find((it) => it.provider === provider);
  const configured = given ? undefined : own(providers, provider);
  const url = baseUrl ?? given?.base_url ?? configured?.base_url;
  const owner = KEY_OWNERS.find((name) => name === provider);
  const type = given?.provider_type ?? configured?.protocol ??
    (KINDS.has(provider) ? undefined : "openai");
  // A key of the environment goes where its user says, not where a spec says.
  const isUsers = (!given || url === baseUrl) && (type === undefined || type === owner);
  const key = given?.api_key.trim() || (owner && isUsers ? keys[owner] : undefined);
  const needsKey = key === undefined && configured?.key_command !== undefined;
  const hasType = (given?.provider_type ?? configured?.protocol) !== undefined;
  if (owner === undefined && url === undefined && !hasType) {
    throw bad(`provider "${provider}" needs --base-url, the address of its server`);
  }
  if (owner !== undefined && key === undefined && url === undefined && !needsKey) {
    throw bad(`${KEY_VARIABLES[owner]} is not set: ${WHAT_WORKS}`);
  }
  return {
    type: "model",
    model,
    credential: {
      provider,
      api_key: key ?? "",
      ...(url !== undefined && { base_url: url }),
      ...(type !== undefined && { provider_type: type }),
    },
    ...(needsKey && { needsKey }),
  };
}

function own(providers: Providers | undefined, name: string): ProviderValues | undefined {
  return providers && Object.hasOwn(providers, name) ? providers[name] : undefined;
}

/** The model's name may hold colons: `ollama:llama3:8b`. */
function parseModel(text: string): ModelRef {
  const at = text.indexOf(":");
  const [provider, model] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (provider !== "" && model !== "") return { provider, model };
  throw bad(`--model: expected provider:model, such as openai:${DEFAULT_MODELS.openai}`);
}

const WHAT_WORKS = `set ${KEY_VARIABLES.openai}, ${KEY_VARIABLES.anthropic} or ` +
  `${KEY_VARIABLES.gemini}, or name a server with --model and --base-url`;

function bad(message: string): WorkerError {
  return new WorkerError("bad_input", message);
}
