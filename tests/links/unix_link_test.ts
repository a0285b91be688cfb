import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { connectUnix, listenUnix } from "../../src/links/unix_link.ts";
import { MAX_MESSAGE_BYTES } from "../../src/protocol/limits.ts";
import { take, testLinks } from "./contract.ts";
import { firstLink, rawUnix, temporaryFolder } from "./sockets.ts";

const clock = systemClock;
const never = new AbortController().signal;

testLinks("unix", async () => {
  const folder = temporaryFolder();
  const listener = listenUnix(`${folder.path}/s`, { clock });
  const [near, far] = await Promise.all([
    connectUnix(listener.endpoint, { clock }, never),
    firstLink(listener),
  ]);
  const close = async () => {
    await Promise.all([near.close(), far.close(), listener.close()]);
    folder[Symbol.dispose]();
  };
  return { near, far, [Symbol.asyncDispose]: close };
});

Deno.test("listenUnix() removes its socket when it is closed", async () => {
  using folder = temporaryFolder();
  const listener = listenUnix(`${folder.path}/s`, { clock });
  assert.deepEqual(folder.names(), ["s"]);
  await listener.close();
  await listener.close();
  assert.deepEqual(folder.names(), []);
});

Deno.test("listenUnix() refuses what cannot become a socket", () => {
  using folder = temporaryFolder();
  Deno.writeTextFileSync(`${folder.path}/taken`, "");
  for (const name of ["taken", "missing/s", "x".repeat(100)]) {
    const listen = () => listenUnix(`${folder.path}/${name}`, { clock });
    assert.throws(listen, { name: "WorkerError", fault: "bad_input" });
  }
});

Deno.test("connectUnix() rejects when nobody listens", async () => {
  using folder = temporaryFolder();
  const connecting = connectUnix(`${folder.path}/none`, { clock }, never);
  await assert.rejects(connecting, { name: "WorkerError", fault: "connection_lost" });
});

Deno.test("connectUnix() rejects with the abort reason", async () => {
  using folder = temporaryFolder();
  await using listener = listenUnix(`${folder.path}/s`, { clock });
  const stopped = AbortSignal.abort(new Error("stop"));
  await assert.rejects(connectUnix(listener.endpoint, { clock }, stopped), { message: "stop" });
});

const breaches = [
  { why: "a line without end", bytes: new Uint8Array(MAX_MESSAGE_BYTES + 1).fill(0x61) },
  { why: "bytes that are no UTF-8", bytes: new Uint8Array([0xff, 0xfe, 0x0a]) },
];
for (const { why, bytes } of breaches) {
  Deno.test(`unix: ${why} ends that connection only`, async () => {
    using folder = temporaryFolder();
    await using listener = listenUnix(`${folder.path}/s`, { clock });
    const raw = await rawUnix(listener.endpoint);
    const link = await firstLink(listener);
    const written = raw.write(bytes);
    assert.deepEqual(await Array.fromAsync(link.frames), []);
    await written;
    raw[Symbol.dispose]();
    await link.close();

    const [near, far] = await Promise.all([
      connectUnix(listener.endpoint, { clock }, never),
      firstLink(listener),
    ]);
    await near.send("fine");
    assert.deepEqual(await take(far, 1), ["fine"]);
    await Promise.all([near.close(), far.close()]);
  });
}
