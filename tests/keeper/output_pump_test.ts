import { strict as assert } from "node:assert";
import { OutputPump } from "../../src/keeper/output_pump.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";

const QUIET_MS = 200;

/** A pump on a stream the test writes to. */
function pumping({ maxBytes, pass }: {
  readonly maxBytes?: number;
  readonly pass?: () => Promise<void>;
} = {}) {
  const clock = new FakeClock();
  const texts: string[] = [];
  let isCancelled = false;
  const { promise: made, resolve } = Promise.withResolvers<
    ReadableStreamDefaultController<Uint8Array>
  >();
  const stream = new ReadableStream<Uint8Array>({
    start: resolve,
    cancel: () => void (isCancelled = true),
  });
  const pump = new OutputPump(stream, {
    maxBytes,
    clock,
    pass: async (text) => {
      texts.push(text);
      await pass?.();
    },
  });
  return {
    clock,
    pump,
    texts,
    isCancelled: () => isCancelled,
    write: async (bytes: Uint8Array) => (await made).enqueue(bytes),
    close: async () => (await made).close(),
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("OutputPump passes on the same text wherever the bytes are cut", async () => {
  const all = Uint8Array.from([...bytes("\ufeffaé€𝄞"), 0xff, ...bytes("z"), 0xe2, 0x82]);
  const expected = "\ufeffaé€𝄞\ufffdz\ufffd";
  for (let first = 0; first <= all.length; first++) {
    for (let second = first; second <= all.length; second++) {
      const { pump, texts, write, close } = pumping();
      await write(all.slice(0, first));
      await write(all.slice(first, second));
      await write(all.slice(second));
      await close();
      assert.equal(await pump.finish(), false);
      assert.equal(texts.join(""), expected, `cut at ${first} and ${second}`);
      assert.ok(texts.every((text) => text.isWellFormed() && text !== ""));
    }
  }
});

Deno.test.each([
  { maxBytes: 0, kept: "", isCut: true },
  { maxBytes: 1, kept: "a", isCut: true },
  { maxBytes: 2, kept: "a", isCut: true },
  { maxBytes: 3, kept: "aé", isCut: true },
  { maxBytes: 6, kept: "aébcd", isCut: false },
  { maxBytes: 7, kept: "aébcd", isCut: false },
])("OutputPump keeps $maxBytes bytes, no half character, and drops the rest", async (row) => {
  const all = bytes("aébcd");
  for (let at = 0; at <= all.length; at++) {
    const { pump, texts, write, close } = pumping({ maxBytes: row.maxBytes });
    await write(all.slice(0, at));
    await write(all.slice(at));
    await close();
    assert.equal(await pump.finish(), row.isCut);
    assert.equal(texts.join(""), row.kept);
  }
});

Deno.test("OutputPump.finish() stops at a pipe that somebody holds in silence", async () => {
  const { pump, texts, write, clock, isCancelled } = pumping();
  await write(bytes("left"));
  const finished = pump.finish();
  await clock.advance(QUIET_MS - 1);
  assert.equal(isCancelled(), false);
  // The first look saw the read of what was left: the second sees none.
  await clock.advance(QUIET_MS + 1);
  assert.equal(await finished, false);
  assert.deepEqual(texts, ["left"]);
  assert.equal(isCancelled(), true);
});

Deno.test("OutputPump.finish() stops when somebody goes on and on writing a little", async () => {
  const { pump, write, clock, isCancelled } = pumping();
  const finished = pump.finish();
  for (let look = 0; look < 5; look++) {
    assert.equal(isCancelled(), false);
    await write(bytes("tick"));
    await clock.advance(QUIET_MS);
  }
  assert.equal(isCancelled(), true);
  assert.equal(await finished, false);
});

Deno.test("OutputPump.finish() stops when more comes than a pipe can hold", async () => {
  const { pump, texts, write, isCancelled } = pumping();
  await settle();
  const finished = pump.finish();
  for (let chunk = 0; chunk < 20; chunk++) await write(new Uint8Array(65_536));
  await finished;
  assert.equal(texts.length, 16);
  assert.equal(isCancelled(), true);
});

Deno.test("OutputPump.finish() waits for whoever takes the text, and loses none", async () => {
  const taken = Promise.withResolvers<void>();
  const { pump, texts, write, close, clock } = pumping({ pass: () => taken.promise });
  await write(bytes("one"));
  await write(bytes("two"));
  await close();
  const finished = pump.finish();
  await clock.advance(100 * QUIET_MS);
  assert.deepEqual(texts, ["one"]);
  taken.resolve();
  await finished;
  assert.deepEqual(texts, ["one", "two"]);
});
