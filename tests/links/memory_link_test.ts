import { strict as assert } from "node:assert";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { sendUntilFull, take, testLinks } from "./contract.ts";

testLinks("memory", () => {
  const [near, far] = memoryLinks({ clock: new FakeClock() });
  const close = async () => void await Promise.all([near.close(), far.close()]);
  return Promise.resolve({ near, far, [Symbol.asyncDispose]: close });
});

Deno.test("memory: send() rejects when the peer reads nothing for 30 s", async () => {
  const clock = new FakeClock();
  const [near, far] = memoryLinks({ clock });
  const { waiting } = await sendUntilFull(near, "x".repeat(600_000));
  const refused = assert.rejects(waiting, { name: "WorkerError", fault: "connection_lost" });
  await clock.advance(30_000);
  await refused;
  assert.deepEqual(await Array.fromAsync(far.frames), []);
  await assert.rejects(async () => await near.send("more"), { fault: "connection_lost" });
  assert.deepEqual(await Array.fromAsync(near.frames), []);
  assert.deepEqual(clock.waits, []);
});

Deno.test("memory: send() goes on when the peer reads after 29 s", async () => {
  const clock = new FakeClock();
  const [near, far] = memoryLinks({ clock });
  const { sent, waiting } = await sendUntilFull(near, "x".repeat(600_000));
  await clock.advance(29_000);
  assert.equal((await take(far, sent)).length, sent);
  await waiting;
  await settle();
  assert.deepEqual(clock.waits, []);
});
