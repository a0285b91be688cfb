// A compartment that fails ends the worker in order: terminal frame, withdrawn record, exit 1.
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Orders } from "../attack/probe/targets.ts";
import { serveModel, textChunk } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { probeBuild } from "../support/probe_build.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { assertNothingLeft, WorkerProcess } from "../support/worker_process.ts";

for (const thread of ["agent", "hands", "gateway"]) {
  Deno.test(`worker ends its run as failed, withdraws and exits 1 when its ${thread} fails`, async () => {
    using ground = new Playground();
    const told = Promise.withResolvers<void>();
    // A model that says one word and then nothing more; /crash answers when it is time.
    await using server = serveModel(async ({ url }) => {
      if (!url.endsWith("/crash")) return openAnswer();
      await told.promise;
      return new Response();
    });
    const files = { agent: join(ground.storage, "crash"), hands: ground.path("crash") };
    const when = thread === "agent" || thread === "hands"
      ? files[thread]
      : `${server.baseUrl}/crash`;
    const orders: Orders = { type: "crash", crash: { thread, when } };
    await using worker = await WorkerProcess.start({
      ground,
      spec: modelSpec(ground, server),
      program: await probeBuild(),
      args: [JSON.stringify(orders)],
    });
    await using connection = await worker.connect();
    connection.send({ kind: "run", assignment: "go" });
    await connection.nextEvent("token");

    if (when.startsWith("http:")) told.resolve();
    else writeFileSync(when, "");
    const { terminal } = await connection.finish();
    const { code, stderr } = await worker.process.exit();

    const { error, ...rest } = terminal;
    assert.equal(rest.status, "error");
    assert.equal(rest.reason, "failed");
    assert.match(String(error), new RegExp(thread));
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`sheath worker: .*${thread}`));
    assertNothingLeft(ground);
  });
}

function openAnswer(): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(textChunk("word"))),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
