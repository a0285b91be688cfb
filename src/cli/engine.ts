// What a run runs on: the model, script or echo that flags, spec and keys lead to. Pure.
import { WorkerError } from "../core/errors.ts";
import type { Credential, ModelRef, ProvisionSpec } from "../protocol/spec.ts";
import { DEFAULT_MODELS } from "./default_models.ts";
import { KEY_VARIABLES, type KeyOwner } from "./environment.ts";

export type Engine =
  | { readonly type: "model"; readonly model: ModelRef; readonly credential: Credential }
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
};

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
  if (keys.openai !== undefined) {
    return modelEngine({ provider: "openai", model: DEFAULT_MODELS.openai }, wish);
  }
  if (baseUrl !== undefined) throw bad("--base-url needs --model provider:model");
  return withoutKey(wish);
}

/** The spec's own model; its key may come from the environment. */
function givenModel(model: ModelRef, wish: EngineWish): Engine {
  const credentials = wish.base?.secrets.provider_credentials ?? [];
  const isComplete = model.provider === "scripted" ||
    credentials.some(({ provider }) => provider === model.provider);
  return isComplete && wish.baseUrl === undefined ? { type: "given" } : modelEngine(model, wish);
}

function withoutKey({ keys, base, hasWorkspace }: EngineWish): Engine {
  for (const owner of ["anthropic", "gemini"] as const) {
    if (keys[owner] !== undefined) {
      throw bad(`${KEY_VARIABLES[owner]} is set, but ${laterVersion(owner)}`);
    }
  }
  if (base || hasWorkspace) throw bad(`no model to run on: ${WHAT_WORKS}`);
  return { type: "demo" };
}

function modelEngine(model: ModelRef, { keys, baseUrl, base }: EngineWish): Engine {
  const { provider } = model;
  if (provider === "anthropic" || provider === "gemini") throw bad(laterVersion(provider));
  if (provider === "scripted") throw bad("the scripted provider needs --script FILE");
  const given = base?.secrets.provider_credentials.find((it) => it.provider === provider);
  const url = baseUrl ?? given?.base_url;
  const key = given?.api_key.trim() || (provider === "openai" ? keys.openai : undefined);
  if (provider !== "openai" && url === undefined) {
    throw bad(`provider "${provider}" needs --base-url, the address of its server`);
  }
  if (key === undefined && url === undefined) {
    throw bad(`${KEY_VARIABLES.openai} is not set: ${WHAT_WORKS}`);
  }
  return {
    type: "model",
    model,
    credential: {
      provider,
      api_key: key ?? "",
      ...(url !== undefined && { base_url: url }),
      ...(provider !== "openai" && { provider_type: "openai" }),
    },
  };
}

/** The model's name may hold colons: `ollama:llama3:8b`. */
function parseModel(text: string): ModelRef {
  const at = text.indexOf(":");
  const [provider, model] = [text.slice(0, Math.max(at, 0)), text.slice(at + 1)];
  if (provider !== "" && model !== "") return { provider, model };
  throw bad(`--model: expected provider:model, such as openai:${DEFAULT_MODELS.openai}`);
}

const WHAT_WORKS =
  `set ${KEY_VARIABLES.openai}, or name an OpenAI-compatible server with --model and --base-url`;

function laterVersion(owner: "anthropic" | "gemini"): string {
  const name = owner === "anthropic" ? "Anthropic" : "Gemini";
  return `${name}'s protocol comes in a later version: ${WHAT_WORKS}`;
}

function bad(message: string): WorkerError {
  return new WorkerError("bad_input", message);
}
