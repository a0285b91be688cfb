// What a mock server that is not ours was asked to say for tests/fixtures/providers/*/recorded_*,
// which scripts/record_fixtures.ts writes. What the files hold: recording.ts.
import type { ProviderFailure } from "../../src/providers/provider.ts";
import type { Answer } from "./contract.ts";

/** The folders of the fixtures. */
export type Recorded = "openai" | "responses" | "anthropic" | "gemini";

/** Each is recorded of every protocol, as `recorded_NAME.txt`. */
export const SPOKEN = {
  // Its smiley lies across two pieces of PIECE units.
  text: {
    text: ["Grüße aus 東京 😀\n👩‍👩‍👧 fertig."],
    usage: { prompt: 19, completion: 10 },
  },
  reasoning: {
    reasoning: "Zwei und zwei… 🤔",
    text: ["Vier."],
    usage: { prompt: 12, completion: 30 },
  },
  one_call: {
    calls: [{ id: "call_A1", name: "Read", arguments: '{"file_path":"/ü😀.txt","limit":3}' }],
    usage: { prompt: 85, completion: 17 },
  },
  many_calls: {
    text: ["I look."],
    calls: [
      { id: "call_B1", name: "Glob", arguments: '{"pattern":"**/*"}' },
      { id: "call_B2", name: "Workspace", arguments: "{}" },
      { id: "call_B3", name: "Glob", arguments: '{"pattern":"*.md","path":"/東京"}' },
    ],
    usage: { prompt: 77, completion: 54 },
  },
} as const satisfies Readonly<Record<string, Answer>>;

/** UTF-16 units of text in one event. */
export const PIECE = 7;

/** The signature of Anthropic's thinking. */
export const SIGNATURE = "EqQBCgIYAhIM1gbcDa9GJwZA2b3h+/=";

export type RecordedFailure = {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  /** Seconds. */
  readonly retryAfter?: number;
  /** What the provider makes of it. */
  readonly failure: ProviderFailure;
};

const OPENAI: readonly RecordedFailure[] = [
  {
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided: sk-…",
    failure: "auth",
  },
  {
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached, please try again in 7s.",
    retryAfter: 7,
    failure: "rate_limit",
  },
  {
    status: 503,
    type: "server_error",
    message: "The engine is currently overloaded",
    failure: "overloaded",
  },
];

/** Recorded as `recorded_error_STATUS.txt`. */
export const FAILURES: Readonly<Record<Recorded, readonly RecordedFailure[]>> = {
  openai: OPENAI,
  responses: OPENAI,
  anthropic: [
    { status: 401, type: "authentication_error", message: "invalid x-api-key", failure: "auth" },
    {
      status: 429,
      type: "rate_limit_error",
      message: "This request would exceed your rate limit",
      retryAfter: 7,
      failure: "rate_limit",
    },
    { status: 529, type: "overloaded_error", message: "Überlastet 😀", failure: "overloaded" },
  ],
  gemini: [
    {
      status: 401,
      type: "UNAUTHENTICATED",
      message: "Request had invalid credentials",
      failure: "auth",
    },
    {
      status: 429,
      type: "RESOURCE_EXHAUSTED",
      message: "You exceeded your current quota",
      retryAfter: 7,
      failure: "rate_limit",
    },
    {
      status: 503,
      type: "UNAVAILABLE",
      message: "The model is overloaded",
      failure: "overloaded",
    },
  ],
};
