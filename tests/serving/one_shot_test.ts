import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { serveOneShot } from "../../src/serving/one_shot.ts";
import { settle } from "../support/fake_clock.ts";
import { run } from "./hosts.ts";
import { start } from "./modes.ts";

const TOO_LATE = "serve: protocol: no connection within 120s; exiting";

Deno.test("serveOneShot() resolves when its one host has gone", async () => {
  const worker = start(serveOneShot);
  const host = await worker.connect();
  await host.send(run("one"), run("two"));
  assert.equal(worker.state, "serving");
  await host.close();
  assert.equal(worker.state, "done");
  assert.deepEqual(host.story, ["one ", "complete", "completed", "two ", "complete", "completed"]);
  assert.deepEqual(worker.clock.waits, []);
});

Deno.test("serveOneShot() resolves also when the run was cut off", async () => {
  const worker = start(serveOneShot);
  const host = await worker.connect();
  await host.send(run("__sleep_ms:1000 one"));
  await host.close();
  assert.equal(worker.state, "done");
});

Deno.test("serveOneShot() throws when nobody came within 120 s", async () => {
  const worker = start(serveOneShot);
  await worker.clock.advance(119_999);
  assert.equal(worker.state, "serving");
  await worker.clock.advance(1);
  assert.deepEqual([worker.state, worker.listener.isClosed], [TOO_LATE, true]);
});

Deno.test("serveOneShot() counts no connection without a valid frame", async () => {
  const worker = start(serveOneShot);
  await worker.clock.advance(115_000);
  const stray = await worker.connect();
  await stray.send("nonsense");
  await worker.clock.advance(5_000);
  assert.equal(worker.state, TOO_LATE);
  await stray.ended;
});

Deno.test("serveOneShot() never cuts a connection that counts", async () => {
  const worker = start(serveOneShot);
  const host = await worker.connect();
  await host.send({ kind: "cancel" });
  await worker.clock.advance(3_600_000);
  await host.send(run("still here"));
  assert.deepEqual(host.story, ["still ", "here ", "complete", "completed"]);
  await host.close();
  assert.equal(worker.state, "done");
});

Deno.test("serveOneShot() serves whoever sends the first valid frame, and turns the others away", async () => {
  const worker = start(serveOneShot);
  const mute = await worker.connect();
  const noisy = await worker.connect();
  await noisy.send("{}", "nonsense");
  const host = await worker.connect();
  await host.send(run("__sleep_ms:20000 done"));
  await Promise.all([mute.ended, noisy.ended]);
  const late = await worker.connect();
  await late.send(run("late")).catch(() => {});
  await worker.clock.advance(20_000);
  assert.deepEqual(host.story, ["done ", "complete", "completed"]);
  assert.deepEqual([mute.frames, noisy.frames, late.frames], [[], [], []]);
  await Promise.all([host.close(), late.close()]);
  await worker.ended;
});

Deno.test("serveOneShot() rejects with the abort reason, after the terminal frame", async () => {
  const worker = start(serveOneShot);
  const host = await worker.connect();
  await host.send(run("__sleep_ms:1000 a"));
  worker.controller.abort(new WorkerError("connection_lost", "The owner has gone"));
  await Promise.all([worker.ended, host.ended]);
  assert.equal(worker.state, "The owner has gone");
  assert.deepEqual(host.frames, [
    { kind: "terminal", status: "error", error: "The owner has gone", reason: "failed" },
  ]);
});

Deno.test("serveOneShot() rejects with the abort reason before a host came", async () => {
  const worker = start(serveOneShot);
  await settle();
  worker.controller.abort(new Error("Interrupted"));
  await worker.ended;
  assert.deepEqual([worker.state, worker.listener.isClosed], ["Interrupted", true]);
  assert.deepEqual(worker.clock.waits, []);
});
