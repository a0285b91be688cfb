// Lesson: a provider that repeats the key it was sent must not carry it anywhere: no frame, log, file,
// argument or environment of the worker holds it, in whatever simple spelling it came back.
import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import {
  DONE,
  END_CHUNK,
  type ModelServer,
  serveModel,
  streamAnswer,
  textAnswer,
  textChunk,
} from "../support/model_server.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import { readProc } from "../support/proc.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import type { ObservedRun } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

/** Of characters that base64, URLs and some JSON writers spell in another way. */
const KEY = "sk-canary/7f3a+Zq==9d2c&xY";
/** Around what is repeated, to show that the answer did come through. */
const BEFORE = "repeated<";
const AFTER = ">repeated";

const around = (spelling: string) => `${BEFORE}${spelling}${AFTER}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");
const escapedSlashes = (json: string) => json.replaceAll("/", "\\/");
const escapedAll = (text: string) =>
  [...text].map((it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

const jsonError = (text: string, headers: Record<string, string> = {}) =>
  new Response(text, { status: 401, headers: { "content-type": "application/json", ...headers } });
const error = (spelling: string) =>
  jsonError(JSON.stringify({ error: { message: around(spelling) } }));

const SPELLINGS: Readonly<Record<string, string>> = {
  "as it is": KEY,
  "in base64": base64(KEY),
  "in base64, one character later": base64(`:${KEY}`),
  "in base64, with its scheme": base64(`Bearer ${KEY}`),
  "in base64, with its header's name": base64(`authorization: Bearer ${KEY}\r\n`),
  "in base64 for URLs": Buffer.from(KEY).toString("base64url"),
  "URL-encoded": encodeURIComponent(KEY),
  "URL-encoded in lower case": encodeURIComponent(KEY).replace(/%../g, (it) => it.toLowerCase()),
  "in hexadecimal": hex(KEY),
  "in hexadecimal capitals": hex(KEY).toUpperCase(),
};

const ANSWERS: Readonly<Record<string, () => Response>> = {
  ...Object.fromEntries(
    Object.entries(SPELLINGS).flatMap(([how, spelling]) => [
      [`in the body of a 401, ${how}`, () => error(spelling)],
      [`in a stream, ${how}`, () => textAnswer(around(spelling))],
    ]),
  ),
  "in the body of a 401, with slashes escaped": () =>
    jsonError(escapedSlashes(JSON.stringify({ error: { message: around(KEY) } }))),
  "in the body of a 401, with every character escaped": () =>
    jsonError(`{"error":{"message":"${around(escapedAll(KEY))}"}}`),
  "in a stream, with slashes escaped": () =>
    streamAnswer([escapedSlashes(textChunk(around(KEY))), END_CHUNK, DONE]),
  "in the plain text of a 500": () => new Response(around(KEY), { status: 500 }),
  "in the code of an error": () =>
    jsonError(JSON.stringify({ error: { message: around(""), code: KEY, type: KEY } })),
  "in headers": () =>
    jsonError(JSON.stringify({ error: { message: around("") } }), {
      "x-request-id": KEY,
      "www-authenticate": `Bearer realm="${KEY}"`,
    }),
  "in the address of a redirect": () =>
    new Response(null, { status: 302, headers: { location: `http://127.0.0.1:9/?key=${KEY}` } }),
  "in an error inside a stream": () =>
    streamAnswer([`data: {"error":{"message":"${around(KEY)}"}}\n\n`]),
  "in a stream cut at every byte": () =>
    streamAnswer([...(textChunk(around(KEY)) + END_CHUNK + DONE)]),
  "in the media type": () =>
    new Response(around(""), { headers: { "content-type": `text/${hex(KEY)}` } }),
  "in a stream that is none": () => streamAnswer([`data: ${around(KEY)}\n\n`]),
  "in the name and id of a tool": () => toolAnswer({ id: KEY, name: KEY, args: "{}" }),
  "in the content of a file to write": () =>
    toolAnswer({
      id: "w-1",
      name: "Write",
      args: JSON.stringify({ file_path: "leak.txt", content: around(KEY) }),
    }),
};

function toolAnswer({ id, name, args }: { id: string; name: string; args: string }): Response {
  const call = { index: 0, id, type: "function", function: { name, arguments: args } };
  const choice = { index: 0, delta: { tool_calls: [call] }, finish_reason: null };
  const chunk = { id: "x", object: "chat.completion.chunk", choices: [choice] };
  return streamAnswer([`data: ${JSON.stringify(chunk)}\n\n`, END_CHUNK, DONE]);
}

/** Answers the first request by `leak`, and those after it properly. */
function serveLeak(leak: () => Response): ModelServer {
  let count = 0;
  return serveModel(() => count++ === 0 ? leak() : textAnswer("fine"));
}

Deno.test("no answer of a provider carries the key out of the gateway", async (t) => {
  for (const [name, leak] of Object.entries(ANSWERS)) {
    await t.step(name, async () => {
      using ground = new Playground();
      await using server = serveLeak(leak);
      const spec = modelSpec(ground, { baseUrl: server.baseUrl, apiKey: KEY });
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const runs = [await connection.run("first"), await connection.run("second")];

      assert.equal(server.requests[0]?.headers.get("authorization"), `Bearer ${KEY}`);
      assertCameThrough(name, runs, ground);
      assertHoldsNoKey("a frame", connection.texts.join("\n"));
      assertHoldsNoKey("a log", worker.process.stdout + worker.process.stderr);
      assertProcessHoldsNoKey(worker.process.pid);
      for (const file of filesUnder(ground.root)) {
        assertHoldsNoKey(file, readFileSync(join(ground.root, file), "latin1"));
      }
      assert.equal(runs[1]?.terminal.status, "completed");
    });
  }
});

/** The control: what stands beside the key is told, where its place in the answer is told at all. */
function assertCameThrough(name: string, runs: readonly ObservedRun[], ground: Playground): void {
  const silent = ["redirect", "plain text", "media type", "that is none", "name and id"];
  if (silent.some((words) => name.includes(words))) return;
  const told = JSON.stringify(runs) +
    filesUnder(ground.workspace).map((file) => readFileSync(ground.path(file), "utf8")).join();
  assert.ok(told.includes(BEFORE) && told.includes(AFTER), told);
}

function assertProcessHoldsNoKey(pid: number): void {
  const shown = readProc(pid, "cmdline");
  assert.match(shown ?? "", /sheath/);
  assertHoldsNoKey("the arguments", shown ?? "");
  // Once the process is hardened only root may read it, which is as good.
  const environment = readProc(pid, "environ");
  if (process.getuid?.() === 0) assert.notEqual(environment, undefined);
  assertHoldsNoKey("the environment", environment ?? "");
}

Deno.test("assertHoldsNoKey() finds each spelling of the key, so that the test above can fail", () => {
  for (const spelling of [...Object.values(SPELLINGS), escapedAll(KEY), escapedSlashes(KEY)]) {
    assert.throws(() => assertHoldsNoKey("it", `text ${spelling} text`), spelling);
  }
  assertHoldsNoKey("it", "sk-other canary [redacted] 7f3a");
});

/** In any simple spelling: plain, or as base64 (at any offset), hexadecimal, URL or JSON escapes. */
function assertHoldsNoKey(what: string, text: string): void {
  const decoded = [
    text,
    text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16))),
    text.replace(
      /\\u([0-9a-f]{4})/gi,
      (_, code: string) => String.fromCharCode(parseInt(code, 16)),
    ),
    text.replaceAll("\\/", "/"),
    ...[...text.matchAll(/[0-9a-f]{12,}/gi)].map(([found]) => Buffer.from(found, "hex").toString()),
    ...[...text.matchAll(/[\w+/-]{8,}/g)].flatMap(([found]) =>
      [0, 1, 2, 3].map((skip) => Buffer.from(found.slice(skip), "base64").toString("latin1"))
    ),
  ];
  // A part that long is as good as the whole.
  const parts = [KEY.slice(0, 16), KEY.slice(-16)];
  const leak = decoded.find((plain) => parts.some((part) => plain.includes(part)));
  assert.equal(leak, undefined, `${what} holds the key`);
}
