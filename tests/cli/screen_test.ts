import { strict as assert } from "node:assert";
import { Screen, type ScreenOptions, type Sink } from "../../src/cli/screen.ts";
import type { Output } from "../../src/cli/view.ts";
import { settle } from "../support/fake_clock.ts";

const CLEAR = "\r\x1b[2K";

type Made = { readonly screen: Screen; readonly seen: string[] };

/** `seen` holds what was written, stream and text, one entry a write. */
function screenWith(options: Partial<ScreenOptions> = {}): Made {
  const seen: string[] = [];
  const sink = (name: string): Sink => ({
    write(bytes) {
      seen.push(`${name}:${new TextDecoder().decode(bytes)}`);
      return Promise.resolve(bytes.length);
    },
  });
  const screen = new Screen({
    stdout: sink("out"),
    stderr: sink("err"),
    isShared: true,
    status: { columns: 20, text: () => "working" },
    ...options,
  });
  return { screen, seen };
}

function out(text: string): Output {
  return { to: "stdout", text };
}

function err(text: string): Output {
  return { to: "stderr", text };
}

Deno.test("write() keeps the order of both streams", async () => {
  const { screen, seen } = screenWith();
  await screen.write([out("a"), out("b\n"), err("c\n"), out("d\n")]);
  await screen.flush();
  assert.deepEqual(seen, ["out:ab\n", "err:c\n", "out:d\n"]);
});

Deno.test("tick() draws the status line, and what is written next clears it", async () => {
  const { screen, seen } = screenWith();
  screen.tick();
  await settle();
  screen.tick();
  await settle();
  await screen.write([out("said\n")]);
  await screen.flush();
  assert.deepEqual(seen, [
    `err:${CLEAR}⠋ working`,
    `err:${CLEAR}⠙ working`,
    `err:${CLEAR}`,
    "out:said\n",
  ]);
});

Deno.test("tick() draws nothing while a line is open on the same terminal", async (t) => {
  for (const isShared of [true, false]) {
    await t.step(isShared ? "shared" : "not shared", async () => {
      const { screen, seen } = screenWith({ isShared });
      await screen.write([out("half")]);
      await screen.flush();
      screen.tick();
      await screen.write([out(" a line\n")]);
      await screen.flush();
      screen.tick();
      await settle();
      const status = `err:${CLEAR}⠋ working`;
      assert.deepEqual(
        seen,
        isShared
          ? ["out:half", "out: a line\n", status]
          : ["out:half", status, `err:${CLEAR}`, "out: a line\n", `err:${CLEAR}⠙ working`],
      );
    });
  }
});

Deno.test("tick() cuts the line to the terminal's width", async () => {
  const { screen, seen } = screenWith({ status: { columns: 8, text: () => "0123456789" } });
  screen.tick();
  await screen.flush();
  assert.deepEqual(seen, [`err:${CLEAR}⠋ 01234`, `err:${CLEAR}`]);
});

Deno.test("tick() draws nothing without a terminal", async () => {
  const { screen, seen } = screenWith({ status: undefined });
  screen.tick();
  await screen.flush();
  assert.deepEqual(seen, []);
});

Deno.test("hold() keeps everything else waiting until it is disposed", async () => {
  const { screen, seen } = screenWith();
  screen.tick();
  await settle();
  {
    using hold = screen.hold();
    await screen.write([out("meanwhile\n")]);
    screen.tick();
    await hold.write("really? ");
    await settle();
    const before = [`err:${CLEAR}⠋ working`, `err:${CLEAR}`, "err:really? "];
    assert.deepEqual(seen.splice(0), before);
  }
  await screen.flush();
  screen.tick();
  await settle();
  assert.deepEqual(seen, ["out:meanwhile\n", `err:${CLEAR}⠙ working`]);
});

Deno.test("write() waits for the answer once much has to wait for it", async () => {
  const { screen } = screenWith();
  const hold = screen.hold();
  let isTaken = false;
  const writing = screen.write([out("y".repeat(70_000))]).then(() => isTaken = true);
  await settle();
  assert.equal(isTaken, false);
  hold[Symbol.dispose]();
  await writing;
});

Deno.test("write() waits for a slow stream once much is queued", async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const { screen } = screenWith({ stdout: { write: () => promise } });
  await screen.write([out("x")]);
  let isTaken = false;
  const writing = screen.write([out("y".repeat(70_000))]).then(() => isTaken = true);
  await settle();
  assert.equal(isTaken, false);
  resolve(100_000);
  await writing;
});

Deno.test("write() and flush() reject when a stream takes nothing any more", async () => {
  const broken = new Error("Broken pipe");
  const { screen } = screenWith({ stdout: { write: () => Promise.reject(broken) } });
  await screen.write([out("x")]);
  await assert.rejects(screen.flush(), broken);
  await assert.rejects(screen.write([out("y")]), broken);
});
