import { strict as assert } from "node:assert";
import { googleDetails } from "../../src/providers/google_details.ts";
import { providerError } from "../../src/providers/server_error.ts";

const delays: readonly (readonly [unknown, number | undefined])[] = [
  ["17s", 17_000],
  ["0s", 0],
  ["1.5s", 1500],
  ["21.000123456s", 21_001],
  ["soon", undefined],
  ["17", undefined],
  ["-1s", undefined],
  ["1e3s", undefined],
  [17, undefined],
  [undefined, undefined],
];
for (const [retryDelay, retryAfterMs] of delays) {
  Deno.test(`googleDetails() reads the delay ${JSON.stringify(retryDelay)}`, () => {
    const details = [detail("Help", { retryDelay: "9s" }), detail("RetryInfo", { retryDelay })];
    assert.deepEqual(googleDetails(details), { reasons: [], retryAfterMs });
  });
}

for (
  const details of [undefined, null, {}, [null, 7], [{ reason: "X" }], [detail("ErrorInfo", {})]]
) {
  Deno.test(`googleDetails() reads nothing in ${JSON.stringify(details)}`, () => {
    assert.deepEqual(googleDetails(details), { reasons: [], retryAfterMs: undefined });
  });
}

type Read = { failure: string; retryAfterMs?: number; param?: string };
const OVERFLOW =
  "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).";
const UNFIT = "Unable to submit request because";
const errors: readonly (readonly [number | undefined, object, Read])[] = [
  [
    429,
    {
      status: "RESOURCE_EXHAUSTED",
      details: [detail("QuotaFailure", {}), detail("RetryInfo", { retryDelay: "27s" })],
    },
    { failure: "rate_limit", retryAfterMs: 27_000 },
  ],
  [
    400,
    { status: "INVALID_ARGUMENT", details: [detail("ErrorInfo", { reason: "API_KEY_INVALID" })] },
    { failure: "auth" },
  ],
  [
    400,
    { status: "INVALID_ARGUMENT", details: [detail("ErrorInfo", { reason: "SOMETHING_ELSE" })] },
    { failure: "invalid_request" },
  ],
  [400, { status: "FAILED_PRECONDITION" }, { failure: "invalid_request" }],
  [400, { message: OVERFLOW }, { failure: "context_overflow" }],
  [
    400,
    { message: `${UNFIT} the input token count is 9 but model only supports up to 8.` },
    { failure: "context_overflow" },
  ],
  [429, { message: OVERFLOW }, { failure: "rate_limit" }],
  [400, { message: `I say: ${OVERFLOW}` }, { failure: "invalid_request" }],
  [
    400,
    { message: "Thinking level MEDIUM is not supported for this model." },
    { failure: "invalid_request", param: "thinking" },
  ],
  [
    400,
    { message: `${UNFIT} thinking_level is not supported by this model..` },
    { failure: "invalid_request", param: "thinking" },
  ],
  [
    400,
    { message: `${UNFIT} Thinking_config.include_thoughts is only enabled when thinking is.` },
    { failure: "invalid_request", param: "thinking" },
  ],
  [400, { message: "Thinkings are free" }, { failure: "invalid_request" }],
  [undefined, { code: 429, status: "RESOURCE_EXHAUSTED" }, { failure: "rate_limit" }],
  [undefined, { status: "UNAVAILABLE" }, { failure: "overloaded" }],
  [undefined, { status: "UNAUTHENTICATED" }, { failure: "auth" }],
  [undefined, { code: 400, message: OVERFLOW }, { failure: "context_overflow" }],
];
for (const [status, error, expected] of errors) {
  Deno.test(`providerError() is ${expected.failure} for ${status} ${JSON.stringify(error)}`, () => {
    const { failure, retryAfterMs, param } = providerError("gemini", { status, body: [{ error }] });
    const wanted = { retryAfterMs: undefined, param: undefined, ...expected };
    assert.deepEqual({ failure, retryAfterMs, param }, wanted);
  });
}

Deno.test("providerError() waits as the header says before what the body says", () => {
  const details = [detail("RetryInfo", { retryDelay: "27s" })];
  const body = { error: { code: 429, details } };
  assert.equal(providerError("gemini", { status: 429, body, retryAfterMs: 5 }).retryAfterMs, 5);
});

function detail(kind: string, fields: object): object {
  return { "@type": `type.googleapis.com/google.rpc.${kind}`, ...fields };
}
