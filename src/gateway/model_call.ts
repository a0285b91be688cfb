// What a request to a model API will cost at most, read from its body; and the same request with a
// lower limit on its output. Knows the four protocols' names of fields, and no prices.
import { Buffer } from "node:buffer";
import { WorkerError } from "../core/errors.ts";
import { isObject } from "../core/schema.ts";

export type ModelCall = {
  readonly model: string;
  /** Estimated, rather too many than too few. */
  readonly promptTokens: number;
  /** What the answer may take, thoughts included. */
  readonly outputTokens: number;
  /** With less than this an answer is of no use, or refused. */
  readonly leastOutputTokens: number;
  /** Whether it asks for nothing that costs more than tokens usually do. */
  readonly isUsualTariff: boolean;
  /** The body as it was read here, so that nobody reads another one from it. */
  body(outputTokens: number): Uint8Array<ArrayBuffer>;
};

export type CallRequest = {
  /** The model that the address names; undefined where the body alone does. */
  readonly model: string | undefined;
  readonly body: Uint8Array<ArrayBuffer> | null;
};

/**
 * Plain English takes 4 bytes a token or more, code and most other languages about 3. Keys and
 * digests take fewer: what the provider counts beyond the estimate is charged afterwards.
 */
const BYTES_PER_TOKEN = 3;

/** More than any model takes for an image, however large. */
const IMAGE_TOKENS = 8_000;

const LEAST_OUTPUT_TOKENS = 256;

/** @throws WorkerError `budget` for a request whose cost has no bound. */
export function readModelCall({ model, body }: CallRequest): ModelCall {
  const request = parsed(body);
  refuseManyAnswers(request);
  const limits = outputLimits(request);
  const outputTokens = Math.max(...limits);
  const text = JSON.stringify(request);
  return {
    model: modelOf(request, model),
    promptTokens: promptTokens(request, Buffer.byteLength(text)),
    outputTokens,
    leastOutputTokens: Math.min(outputTokens, thinkingTokens(request) + LEAST_OUTPUT_TOKENS),
    isUsualTariff: isUsualTariff(request),
    body: (most) =>
      Buffer.from(most < outputTokens ? JSON.stringify(lowered(request, most)) : text),
  };
}

type Body = Readonly<Record<string, unknown>>;

function parsed(body: Uint8Array<ArrayBuffer> | null): Body {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body ?? undefined));
    if (isObject(value)) return value;
  } catch {
    // No JSON: refused as any other that cannot be read.
  }
  throw refusal("is no JSON object");
}

/** Whoever passes requests on may take another model than the first: then none is the one. */
function modelOf({ model, models }: Body, addressed: string | undefined): string {
  if (models !== undefined) throw refusal("names several models");
  if (addressed === undefined) {
    if (typeof model === "string") return model;
    throw refusal("names no model");
  }
  if (model === undefined || model === addressed || model === `models/${addressed}`) {
    return addressed;
  }
  throw refusal("names another model than its address");
}

/** Each is a whole answer. */
const ANSWER_COUNTS = ["n", "best_of", "candidateCount", "candidate_count"];

function refuseManyAnswers(request: Body): void {
  for (const part of placesOf(request)) {
    if (ANSWER_COUNTS.some((name) => (part[name] ?? 1) !== 1)) {
      throw refusal("asks for many answers");
    }
  }
}

/** chat: the first two; responses: the third; Gemini: the last two, in a configuration. */
const OUTPUT_LIMITS = [
  "max_tokens",
  "max_completion_tokens",
  "max_output_tokens",
  "maxOutputTokens",
];
const CONFIGURATIONS = ["generationConfig", "generation_config"];

function placesOf(request: Body): Body[] {
  return [request, ...CONFIGURATIONS.map((name) => request[name])].filter(isObject);
}

function outputLimits(request: Body): number[] {
  const found = placesOf(request).flatMap((part) =>
    OUTPUT_LIMITS.filter((name) => name in part).map((name) => part[name])
  );
  const limits = found.filter(isLimit);
  if (limits.length > 0 && limits.length === found.length) return limits;
  throw refusal("sets no limit on its output, expected a whole number such as max_tokens");
}

function isLimit(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function lowered(request: Body, most: number): Body {
  const low = withLimit(request, most);
  const configurations = CONFIGURATIONS.flatMap((name) => {
    const part = request[name];
    return isObject(part) ? [[name, withLimit(part, most)]] : [];
  });
  return { ...low, ...Object.fromEntries(configurations) };
}

function withLimit(part: Body, most: number): Body {
  const limits = OUTPUT_LIMITS.map((name) => [name, part[name]] as const)
    .filter(([, limit]) => isLimit(limit) && limit > most)
    .map(([name]) => [name, most]);
  return { ...part, ...Object.fromEntries(limits) };
}

/** Anthropic refuses a limit that its thoughts alone may fill. */
function thinkingTokens({ thinking }: Body): number {
  const tokens = isObject(thinking) ? thinking["budget_tokens"] : undefined;
  return isLimit(tokens) ? tokens : 0;
}

const USUAL_TIERS: readonly unknown[] = ["default", "auto", "standard", "standard_only", "flex"];

function isUsualTariff(request: Body): boolean {
  const tier = request["service_tier"] ?? request["serviceTier"] ?? "default";
  return USUAL_TIERS.includes(tier) && (request["speed"] ?? "standard") === "standard";
}

function promptTokens(request: Body, bytes: number): number {
  const images = [...imagesIn(request)];
  const imageBytes = images.reduce((sum, image) => sum + image.length, 0);
  return Math.ceil((bytes - imageBytes) / BYTES_PER_TOKEN) + images.length * IMAGE_TOKENS;
}

/** The encoded images of a request, wherever it holds them. */
function* imagesIn(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* imagesIn(item);
  } else if (isObject(value)) {
    const image = imageOf(value);
    if (image !== undefined) yield image;
    else for (const part of Object.values(value)) yield* imagesIn(part);
  }
}

/** OpenAI: `{image_url: {url}}` or `{image_url}`; the others: `{data}` beside its type. */
function imageOf(part: Body): string | undefined {
  const { image_url: given, data } = part;
  const url = isObject(given) ? given["url"] : given;
  if (typeof url === "string" && url.startsWith("data:image/")) return url;
  const type = part["media_type"] ?? part["mimeType"] ?? part["mime_type"];
  const isImage = typeof type === "string" && type.startsWith("image/");
  return isImage && typeof data === "string" ? data : undefined;
}

function refusal(what: string): WorkerError {
  return new WorkerError("budget", `Cannot reserve a budget: the request ${what}`);
}
