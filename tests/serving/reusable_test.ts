import { strict as assert } from "node:assert";
import type { FrameListener } from "../../src/links/frame_listener.ts";
import type { ServingOptions } from "../../src/serving/connection.ts";
import { serveReusable } from "../../src/serving/reusable.ts";
import { type Host, run } from "./hosts.ts";
import { start, type StartedMode } from "./modes.ts";

Deno.test("serveReusable() serves one host after another", async () => {
  const worker = start(serve);
  for (const word of ["one", "two"]) {
    const host = await worker.connect();
    await host.send(run(word));
    await host.close();
    assert.deepEqual(host.story, [`${word} `, "complete", "completed"]);
  }
  assert.equal(worker.state, "serving");
  await end(worker);
});

Deno.test("serveReusable() resolves when no host came within the idle time", async () => {
  const worker = start(serve);
  await worker.clock.advance(299_999);
  assert.equal(worker.state, "serving");
  await worker.clock.advance(1);
  assert.deepEqual([worker.state, worker.listener.isClosed], ["done", true]);
});

Deno.test("the idle time starts anew after each host, and stands still while one is there", async () => {
  const worker = start(serve);
  await worker.clock.advance(200_000);
  const host = await worker.connect();
  await host.send(run("__sleep_ms:400000 a"));
  await worker.clock.advance(500_000);
  assert.deepEqual(host.story, ["a ", "complete", "completed"]);
  await host.close();
  await worker.clock.advance(299_999);
  assert.equal(worker.state, "serving");
  await worker.clock.advance(1);
  assert.equal(worker.state, "done");
});

Deno.test("connections without a valid frame keep no worker alive", async () => {
  const worker = start(serve);
  for (let round = 0; round < 29; round++) {
    const stray = await worker.connect();
    await worker.clock.advance(10_000);
    await stray.ended;
  }
  await worker.clock.advance(10_000);
  assert.equal(worker.state, "done");
});

Deno.test("a host that comes while another is served waits for its turn, with its frames", async () => {
  const worker = start(serve);
  const first = await worker.connect();
  await first.send(run("__sleep_ms:60000 first"));
  const second = await worker.connect();
  await second.send(run("second"), run("and more"));
  await worker.clock.advance(60_000);
  assert.deepEqual([first.story, second.story], [["first ", "complete", "completed"], []]);
  await first.close();
  assert.deepEqual(second.story.filter((text) => text === "completed").length, 2);
  await second.close();
  await end(worker);
});

Deno.test("a newcomer never pushes out the host that is served", async () => {
  const worker = start(serve);
  const host = await worker.connect();
  await host.send(run("__sleep_ms:5000 a"));
  for (let count = 0; count < 100; count++) {
    const stray = await worker.connect();
    await stray.send(count % 2 === 0 ? run("me") : "nonsense").catch(() => {});
  }
  await worker.clock.advance(5_000);
  assert.deepEqual(host.story, ["a ", "complete", "completed"]);
  worker.controller.abort(new Error("enough"));
  await worker.ended;
});

Deno.test("mute connections block nobody: one over 16 ends the oldest", async () => {
  const worker = start(serve);
  const strays: Host[] = [];
  for (let count = 0; count < 40; count++) strays.push(await worker.connect());
  await Promise.all(strays.slice(0, 24).map(({ ended }) => ended));
  const host = await worker.connect();
  await host.send(run("a"));
  assert.deepEqual(host.story, ["a ", "complete", "completed"]);
  await worker.clock.advance(10_000);
  await Promise.all(strays.map(({ ended }) => ended));
  await host.close();
  await end(worker);
});

Deno.test("no more than 16 hosts wait for their turn: the newest over that is refused", async () => {
  const worker = start(serve);
  const served = await worker.connect();
  await served.send({ kind: "cancel" });
  const hosts: Host[] = [];
  for (let count = 0; count < 18; count++) {
    hosts.push(await worker.connect());
    await hosts.at(-1)?.send(run(`${count}`)).catch(() => {});
  }
  await Promise.all(hosts.slice(16).map(({ ended }) => ended));
  for (const host of [served, ...hosts]) await host.close();
  const stories = hosts.map(({ story }) => story.length);
  assert.deepEqual(stories, [...Array(16).fill(3), 0, 0]);
  await end(worker);
});

Deno.test("a host that left while it waited does no harm to the next", async () => {
  const worker = start(serve);
  const first = await worker.connect();
  await first.send(run("__sleep_ms:1000 a"));
  const gone = await worker.connect();
  await gone.send(run("b"));
  await gone.close();
  const third = await worker.connect();
  await third.send(run("c"));
  await worker.clock.advance(1_000);
  await first.close();
  assert.deepEqual([gone.story, third.story], [[], ["c ", "complete", "completed"]]);
  await third.close();
  await end(worker);
});

Deno.test("serveReusable() rejects with the abort reason and closes who waits", async () => {
  const worker = start(serve);
  const host = await worker.connect();
  await host.send(run("__sleep_ms:1000 a"));
  const waiting = await worker.connect();
  await waiting.send(run("b"));
  const mute = await worker.connect();
  worker.controller.abort(new Error("Interrupted"));
  await Promise.all([worker.ended, host.ended, waiting.ended, mute.ended]);
  assert.equal(worker.state, "Interrupted");
  assert.deepEqual([host.story, waiting.story], [["error"], []]);
  assert.deepEqual(worker.clock.waits, []);
});

function serve(
  listener: FrameListener,
  options: ServingOptions,
  signal: AbortSignal,
): Promise<void> {
  return serveReusable(listener, { ...options, idleTimeoutMs: 300_000 }, signal);
}

async function end(worker: StartedMode): Promise<void> {
  await worker.clock.advance(300_000);
  assert.equal(worker.state, "done");
  assert.deepEqual(worker.clock.waits, []);
}
