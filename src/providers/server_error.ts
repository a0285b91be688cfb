// What a model server's failure means, from its status, its code and its own words. Pure.
import { isObject } from "../core/schema.ts";
import { googleDetails } from "./google_details.ts";
import { ProviderError, type ProviderFailure } from "./provider.ts";

/** A failure as a server reported it. */
export type ServerError = {
  /** HTTP status; none for an error inside a stream that had begun with 200. */
  readonly status?: number | undefined;
  /** The body or the stream's error object, parsed; undefined when it is no JSON. */
  readonly body: unknown;
  readonly retryAfterMs?: number | undefined;
};

/** The error to throw, with a line like `openai: HTTP 401: Incorrect API key provided`. */
export function providerError(
  name: string,
  { status, body, retryAfterMs }: ServerError,
): ProviderError {
  const { message, codes, ...read } = readBody(body);
  const where = status === undefined ? "error in the stream" : `HTTP ${status}`;
  const said = message === undefined ? "" : `: ${oneLine(message)}`;
  const coded = failureOf(status ?? statusAmong(codes), codes);
  const failure = coded === "invalid_request" && tellsOverflow(message)
    ? "context_overflow"
    : coded;
  return new ProviderError(`${name}: ${where}${said}`, {
    failure,
    status,
    retryAfterMs: retryAfterMs ?? read.retryAfterMs,
    param: read.param ?? (tellsThinking(message) ? "thinking" : undefined),
  });
}

/** Decides by a code where that says more than the status. */
export function failureOf(
  status: number | undefined,
  codes: readonly string[] = [],
): ProviderFailure {
  // Gemini's, with status 400.
  if (codes.includes("API_KEY_INVALID")) return "auth";
  for (const code of codes) {
    const failure = FAILURES.get(code);
    if (failure === "context_overflow" || (failure && status === undefined)) return failure;
  }
  if (status === undefined) return "protocol";
  if (status === 401 || status === 403) return "auth";
  if (status === 413) return "context_overflow";
  if (status === 429) return "rate_limit";
  if (status === 408 || status === 409 || status >= 500) return "overloaded";
  return status >= 400 ? "invalid_request" : "protocol";
}

/** How long a `Retry-After` or `retry-after-ms` header asks to wait; `nowMs` is for its dates. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const exact = wholeNumber(headers.get("retry-after-ms"));
  if (exact !== undefined) return exact;
  const header = headers.get("retry-after");
  const seconds = wholeNumber(header);
  if (seconds !== undefined) return seconds * 1000;
  const date = Date.parse(header ?? "");
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** Foreign text as one line of at most 500 characters, with control characters spelled out. */
export function oneLine(text: string): string {
  const cut = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}…` : text;
  return cut.toWellFormed().trim().replace(UNPRINTABLE, (character) => {
    if (character === "\n") return "\\n";
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

const MAX_CHARS = 500;
// Controls, line separators, and what turns the direction of writing.
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const FAILURES = new Map<string, ProviderFailure>([
  ["context_length_exceeded", "context_overflow"],
  // llama.cpp's name for it.
  ["exceed_context_size_error", "context_overflow"],
  ["invalid_api_key", "auth"],
  ["insufficient_quota", "rate_limit"],
  ["rate_limit_exceeded", "rate_limit"],
  ["server_error", "overloaded"],
  ["overloaded_error", "overloaded"],
  ["invalid_request_error", "invalid_request"],
  // Anthropic's names (wire: ErrorType).
  ["authentication_error", "auth"],
  ["permission_error", "auth"],
  ["billing_error", "invalid_request"],
  ["not_found_error", "invalid_request"],
  ["request_too_large", "context_overflow"],
  ["rate_limit_error", "rate_limit"],
  ["timeout_error", "overloaded"],
  ["conflict_error", "overloaded"],
  ["api_error", "overloaded"],
  // Google's (wire: google.rpc.Code).
  ["UNAUTHENTICATED", "auth"],
  ["PERMISSION_DENIED", "auth"],
  ["RESOURCE_EXHAUSTED", "rate_limit"],
  ["UNAVAILABLE", "overloaded"],
  ["DEADLINE_EXCEEDED", "overloaded"],
  ["INTERNAL", "overloaded"],
  ["INVALID_ARGUMENT", "invalid_request"],
  ["FAILED_PRECONDITION", "invalid_request"],
  ["NOT_FOUND", "invalid_request"],
]);

/**
 * The one place where words decide, and only on what a request is refused for: Anthropic and Google
 * have no code for a prompt that does not fit the model, which the loop can mend.
 */
function tellsOverflow(message = ""): boolean {
  return /^(?:prompt is too long|input length and `?max_tokens`? exceed context limit)\b/i
    .test(message) ||
    /^(?:unable to submit request because )?the input token count\b/i.test(message);
}

/** Nor has Google one for a model that does not think, or not so: the loop asks without. */
function tellsThinking(message = ""): boolean {
  return /^(?:unable to submit request because )?thinking(?:_| is | level )/i.test(message);
}

/**
 * Servers write `{error: {message, code, type}}`, the same in an array (Gemini), without the outer
 * object (vLLM), `{error: text}` (Ollama) or `{detail: text}` (FastAPI).
 */
function readBody(body: unknown): ErrorBody {
  const outer: unknown = Array.isArray(body) ? body[0] : body;
  const error = isObject(outer) ? outer["error"] ?? outer : outer;
  if (!isObject(error)) return { message: text(error), codes: [] };
  const { message, detail, code, type, status, param, details } = error;
  const { reasons, retryAfterMs } = googleDetails(details);
  const codes = [code, type, status, ...reasons].flatMap((value) =>
    typeof value === "string" || typeof value === "number" ? [String(value)] : []
  );
  return { message: text(message) ?? text(detail), codes, param: text(param), retryAfterMs };
}

type ErrorBody = {
  readonly message: string | undefined;
  readonly codes: readonly string[];
  readonly param?: string | undefined;
  readonly retryAfterMs?: number | undefined;
};

function text(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Some servers put the status into the error object of a stream. */
function statusAmong(codes: readonly string[]): number | undefined {
  return codes.map(Number).find((code) => code >= 400 && code <= 599);
}

function wholeNumber(header: string | null): number | undefined {
  return header !== null && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
