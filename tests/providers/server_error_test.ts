import { strict as assert } from "node:assert";
import {
  failureOf,
  oneLine,
  providerError,
  retryAfterMs,
} from "../../src/providers/server_error.ts";

const bodies: Readonly<Record<string, [body: unknown, message: string]>> = {
  "OpenAI's": [
    { error: { message: "Incorrect API key provided", code: "invalid_api_key" } },
    ": Incorrect API key provided",
  ],
  "Gemini's, in an array": [
    [{ error: { code: 400, message: "API key not valid" } }],
    ": API key not valid",
  ],
  "vLLM's, without an outer object": [
    { object: "error", message: "No such model", code: 404 },
    ": No such model",
  ],
  "Ollama's, a text": [{ error: "model not found" }, ": model not found"],
  "FastAPI's": [{ detail: "Not Found" }, ": Not Found"],
  "plain text": ["404 page not found\n", ": 404 page not found"],
  "several lines and a colour": [{ error: "a\n\u001b[31mb\u202e\r" }, ": a\\n\\u001b[31mb\\u202e"],
  "none": [undefined, ""],
  "a blank one": [{ error: { message: "  " } }, ""],
  "one that is no text": [{ error: { message: { a: 1 } }, detail: [1] }, ""],
  "null": [null, ""],
  "an empty array": [[], ""],
};
for (const [what, [body, said]] of Object.entries(bodies)) {
  Deno.test(`providerError() repeats the server's words: ${what}`, () => {
    const error = providerError("openai", { status: 401, body, retryAfterMs: 7 });
    const { message, failure, status } = error;
    assert.deepEqual({ message, failure, status, wait: error.retryAfterMs }, {
      message: `openai: HTTP 401${said}`,
      failure: "auth",
      status: 401,
      wait: 7,
    });
  });
}

// status, codes, failure
const failures: readonly (readonly [number | undefined, readonly string[], string])[] = [
  [400, ["context_length_exceeded", "invalid_request_error"], "context_overflow"],
  [400, ["400", "exceed_context_size_error"], "context_overflow"],
  [400, ["invalid_api_key"], "invalid_request"],
  [401, ["server_error"], "auth"],
  [302, [], "protocol"],
  [418, [], "invalid_request"],
  [501, [], "overloaded"],
  [undefined, [], "protocol"],
  [undefined, ["something_new"], "protocol"],
  [undefined, ["something_new", "invalid_request_error"], "invalid_request"],
  [undefined, ["rate_limit_exceeded"], "rate_limit"],
  [undefined, ["overloaded_error"], "overloaded"],
  [undefined, ["toString"], "protocol"],
  [undefined, ["authentication_error"], "auth"],
  [undefined, ["billing_error"], "invalid_request"],
  [undefined, ["api_error"], "overloaded"],
  [400, ["api_error"], "invalid_request"],
];
for (const [status, codes, failure] of failures) {
  Deno.test(`failureOf() is ${failure} for status ${status} and codes [${codes}]`, () => {
    assert.equal(failureOf(status, codes), failure);
  });
}

Deno.test("providerError() takes the status of an error in a stream from its code", () => {
  const error = providerError("openai", { body: { message: "slow down", code: 429 } });
  assert.deepEqual([error.message, error.failure, error.status], [
    "openai: error in the stream: slow down",
    "rate_limit",
    undefined,
  ]);
});

Deno.test("providerError() names the field that the server refuses, where it does", () => {
  const refused = (param: unknown) =>
    providerError("openai", { status: 400, body: { error: { message: "no", param } } }).param;
  assert.deepEqual([refused("reasoning_effort"), refused(null), refused(7)], [
    "reasoning_effort",
    undefined,
    undefined,
  ]);
});

const waits: readonly (readonly [Record<string, string>, number | undefined])[] = [
  [{}, undefined],
  [{ "retry-after": "3" }, 3000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after-ms": "250", "retry-after": "3" }, 250],
  [{ "retry-after-ms": "soon", "retry-after": "3" }, 3000],
  [{ "retry-after": "Thu, 18 Jun 2026 09:30:05 GMT" }, 5000],
  [{ "retry-after": "Thu, 18 Jun 2026 09:29:00 GMT" }, 0],
  [{ "retry-after": "later" }, undefined],
  [{ "retry-after": "" }, undefined],
];
for (const [headers, wait] of waits) {
  Deno.test(`retryAfterMs() is ${wait} for ${JSON.stringify(headers)}`, () => {
    const now = Date.UTC(2026, 5, 18, 9, 30);
    assert.equal(retryAfterMs(new Headers(headers), now), wait);
  });
}

const lines: readonly (readonly [string, string])[] = [
  [" plain ", "plain"],
  ["tab\there", "tab\\u0009here"],
  ["a\u2028\u2029\u0085b", "a\\u2028\\u2029\\u0085b"],
  ["half \ud83d", "half \ufffd"],
  ["x".repeat(500), "x".repeat(500)],
  ["x".repeat(501), `${"x".repeat(500)}…`],
  ["x".repeat(499) + "😀", `${"x".repeat(499)}\ufffd…`],
];
for (const [text, line] of lines) {
  Deno.test(`oneLine() makes ${JSON.stringify(text.slice(0, 20))} of length ${text.length} printable`, () => {
    assert.equal(oneLine(text), line);
  });
}
