// Records what aimock, a mock of model servers that is not ours, answers in each protocol, as
// tests/fixtures/providers/*/recorded_*.txt; run by hand, after a new aimock or another request:
//
//   deno run --allow-net=127.0.0.1 --allow-read --allow-write --allow-env scripts/record_fixtures.ts
//
// A file holds the status line, the headers a provider may look at, an empty line and the body's
// bytes as they came, but for one thing: ids that aimock draws by lot are numbered, and content it
// seals is sealed of the numbered id, so that a second run writes the same. What it is asked to say
// is in tests/providers/recorded_answers.ts. The fixtures not called recorded_* are written by hand
// from the providers' documentation; none is of a live service.
import { mkdir, writeFile } from "node:fs/promises";
import process from "node:process";
import {
  type MockedAnswer,
  mockedAnswer,
  type MockedAnswers,
  startMock,
} from "../tests/providers/aimock.ts";
import {
  FAILURES,
  PIECE,
  type Recorded,
  type RecordedFailure,
  SIGNATURE,
  SPOKEN,
} from "../tests/providers/recorded_answers.ts";

type Asked = { readonly path: string; readonly body: unknown };

/** Aimock tells from its words what it is to answer. */
const REQUESTS: Readonly<Record<Recorded, (words: string) => Asked>> = {
  openai: (content) => ({
    path: "/v1/chat/completions",
    body: {
      model: "gpt-5",
      messages: [{ role: "user", content }],
      stream: true,
      stream_options: { include_usage: true },
    },
  }),
  responses: (content) => ({
    path: "/v1/responses",
    body: {
      model: "gpt-5-codex",
      input: [{ role: "user", content }],
      stream: true,
      store: false,
      include: ["reasoning.encrypted_content"],
    },
  }),
  anthropic: (content) => ({
    path: "/v1/messages",
    body: {
      model: "claude-haiku-4-5",
      max_tokens: 8192,
      messages: [{ role: "user", content }],
      stream: true,
    },
  }),
  gemini: (text) => ({
    path: "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
    body: { contents: [{ role: "user", parts: [{ text }] }] },
  }),
};

const KEPT_HEADERS = /^(?:content-type|retry-after|x-ratelimit-.*)$/;
const DRAWN_ID = /\b(?:msg|fc|rs)-[\w-]{16}(?=")/g;
const SEALED = /(?<="encrypted_content":")[\w+/=]+(?=")/g;

for (const protocol of ["openai", "responses", "anthropic", "gemini"] as const) {
  await record(protocol);
}

async function record(protocol: Recorded): Promise<void> {
  const folder = new URL(`../tests/fixtures/providers/${protocol}/`, import.meta.url);
  await mkdir(folder, { recursive: true });
  const answers = answersOf(protocol);
  const served: MockedAnswers = Array.from(answers, ([name, response]) => ({
    match: { userMessage: new RegExp(`^${name}$`) },
    response,
  }));
  await using mock = await startMock(served, { chunkSize: PIECE, strict: true });
  for (const name of answers.keys()) {
    const { path, body } = REQUESTS[protocol](name);
    const headers = { "content-type": "application/json" };
    const response = await fetch(mock.url + path, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    const text = headOf(response) + numbered(await response.text());
    await writeFile(new URL(`recorded_${name}.txt`, folder), text);
    process.stderr.write(`${protocol}/recorded_${name}.txt: ${text.length} characters\n`);
  }
}

/** By their names. */
function answersOf(protocol: Recorded): ReadonlyMap<string, MockedAnswer> {
  // Else aimock would draw an id and look at the clock.
  const fixed = { id: "recorded-1", created: 1_781_775_000, reasoningSignature: SIGNATURE };
  return new Map([
    ...Object.entries(SPOKEN).map(([name, answer]): [string, MockedAnswer] => [
      name,
      { ...mockedAnswer(answer), ...fixed },
    ]),
    ...FAILURES[protocol].map((failure): [string, MockedAnswer] => [
      `error_${failure.status}`,
      refusal(failure),
    ]),
  ]);
}

function refusal({ status, type, code, message, retryAfter }: RecordedFailure): MockedAnswer {
  const error = { message, type, ...(code !== undefined && { code }) };
  return { error, status, ...(retryAfter !== undefined && { retryAfter }) };
}

function headOf({ status, statusText, headers }: Response): string {
  const kept = Array.from(headers).filter(([name]) => KEPT_HEADERS.test(name));
  const lines = kept.map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${statusText}`, ...lines, "", ""].join("\n");
}

/** Ids keep their length and stay as different as they were. */
function numbered(body: string): string {
  const numbers = new Map<string, string>();
  const numberedId = (id: string) => {
    const [kind] = id.split("-", 1);
    const known = numbers.get(id) ?? `${kind}-${String(numbers.size + 1).padStart(16, "0")}`;
    numbers.set(id, known);
    return known;
  };
  return body.replace(DRAWN_ID, numberedId)
    .replace(SEALED, (sealed) => btoa(atob(sealed).replace(/rs-[\w-]{16}$/, numberedId)));
}
