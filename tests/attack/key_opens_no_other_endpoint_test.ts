// Lesson: an agent that was taken over has the key sent where models answer, and to nothing else that
// the same key opens: no files, no fine-tuning, no account. Run inside the real agent thread.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serveModel, textAnswer } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { probeBuild } from "../support/probe_build.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { isObject } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";
import type { Orders } from "./probe/targets.ts";

const KEY = "sk-canary-0123456789";

const REFUSED = [
  { method: "POST", path: "/files" },
  { method: "GET", path: "/files" },
  { method: "POST", path: "/fine_tuning/jobs" },
  { method: "POST", path: "/organization/users" },
  { method: "POST", path: "/embeddings" },
  { method: "DELETE", path: "/chat/completions" },
  { method: "POST", path: "/chat/completions/../files" },
  { method: "POST", path: "/chat/completions?x=/models/gpt-5-nano:" },
  { method: "POST", path: "/models/gpt-5-nano:/../../messages" },
  { method: "POST", path: "/models/gpt-5-nano:generateContent" },
  { method: "POST", path: "/messages" },
  { method: "POST", path: "//chat/completions" },
];
/** The control: what is smuggled reaches the provider where it may. */
const GRANTED = { method: "POST", path: "/responses" };

Deno.test("an agent that was taken over reaches no endpoint of the provider but its models", async () => {
  using ground = new Playground();
  await using server = serveModel(() => textAnswer("fine"));
  const orders: Orders = { type: "smuggle", smuggling: { requests: [...REFUSED, GRANTED] } };
  const spec = modelSpec(ground, { baseUrl: server.baseUrl, apiKey: KEY });
  const program = await probeBuild();
  {
    const args = [JSON.stringify(orders)];
    await using worker = await WorkerProcess.start({ ground, spec, program, args });
    await using connection = await worker.connect();
    const { terminal } = await connection.run("go");
    assert.deepEqual(terminal, { kind: "terminal", status: "completed", result: "fine" });
  }
  const reached = server.requests.map(({ url, headers }) => [
    new URL(url).pathname,
    headers.get("authorization"),
  ]);
  const bearer = `Bearer ${KEY}`;
  assert.deepEqual(reached.toSorted(), [["/v1/chat/completions", bearer], [
    "/v1/responses",
    bearer,
  ]]);
  // Whether or not it arrived: nothing else was sent.
  assert.equal(egressIn(ground).length, 2);
});

function egressIn(ground: Playground): readonly unknown[] {
  const log = readFileSync(join(ground.fabric, "audit/c-1.jsonl"), "utf8");
  const entries = log.trimEnd().split("\n").map((line): unknown => JSON.parse(line));
  return entries.filter((entry) => isObject(entry) && entry.kind === "egress");
}
