import { strict as assert } from "node:assert";
import { Screen } from "../../src/cli/screen.ts";
import { TerminalAsker } from "../../src/cli/terminal_asker.ts";
import { settle } from "../support/fake_clock.ts";

const NEVER = new AbortController().signal;

type Terminal = {
  readonly asker: TerminalAsker;
  readonly shown: string[];
  /** What the person types; undefined is the end of input. */
  type(text: string | undefined): void;
};

function terminal(): Terminal {
  const shown: string[] = [];
  const typed: (string | undefined)[] = [];
  let arrival = Promise.withResolvers<void>();
  const show = (bytes: Uint8Array) => {
    shown.push(new TextDecoder().decode(bytes));
    return Promise.resolve(bytes.length);
  };
  const screen = new Screen({
    stdout: { write: show },
    stderr: { write: show },
    isShared: true,
    status: undefined,
  });
  const source = {
    async read(into: Uint8Array) {
      while (typed.length === 0) await arrival.promise;
      const text = typed.shift();
      return text === undefined ? null : new TextEncoder().encodeInto(text, into).written;
    },
  };
  return {
    asker: new TerminalAsker(source, screen),
    shown,
    type(text) {
      typed.push(text);
      arrival.resolve();
      arrival = Promise.withResolvers();
    },
  };
}

Deno.test("ask() takes only a clear yes", async (t) => {
  const cases = [
    ["y\n", "once"],
    [" YES \n", "once"],
    ["a\n", "run"],
    ["Always\n", "run"],
    ["n\n", "no"],
    ["\n", "no"],
    ["yes please\n", "no"],
    ["ya\n", "no"],
    ["all\n", "no"],
    ["true\n", "no"],
    [undefined, "no"],
  ] as const;
  for (const [typed, expected] of cases) {
    await t.step(JSON.stringify(typed) ?? "end of input", async () => {
      const { asker, shown, type } = terminal();
      const answer = asker.ask("May it?\n", NEVER);
      await settle();
      type(typed);
      assert.equal(await answer, expected);
      assert.deepEqual(shown, [
        "May it?\nAllow it? [y] once, [a] always in this run (this very act), [N] no: ",
      ]);
    });
  }
});

Deno.test("ask() waits for the whole line, however it comes", async () => {
  const { asker, type } = terminal();
  const answer = asker.ask("", NEVER);
  for (const piece of ["y", "e", "s", "\n"]) {
    type(piece);
    await settle();
  }
  assert.equal(await answer, "once");
});

Deno.test("ask() does not take a line left over from the question before", async () => {
  const { asker, type } = terminal();
  const first = asker.ask("", NEVER);
  type("n\ny\n");
  assert.equal(await first, "no");
  const second = asker.ask("", NEVER);
  await settle();
  type("n\n");
  assert.equal(await second, "no");
});

Deno.test("ask() rejects when the run is over, and the next question can still be answered", async () => {
  const { asker, type } = terminal();
  const over = new AbortController();
  const first = asker.ask("", over.signal);
  await settle();
  over.abort(new Error("over"));
  await assert.rejects(first, { message: "over" });
  const second = asker.ask("", NEVER);
  await settle();
  type("y\n");
  assert.equal(await second, "once");
});

const readLetter = (line: string) => /^[ab]$/.test(line) ? line.toUpperCase() : undefined;
const AGAIN = "That is none of the options: type its number, or all of its text.\nAnswer: ";

Deno.test("askText() asks again until the line is an answer", async () => {
  const { asker, shown, type } = terminal();
  const answer = asker.askText("Which?\n", readLetter, NEVER);
  for (const line of ["c\n", "\n", "  a \n"]) {
    await settle();
    type(line);
  }
  assert.equal(await answer, "A");
  assert.deepEqual(shown, ["Which?\nAnswer: ", AGAIN, "Answer: "]);
});

Deno.test("askText() gives up at the end of the input", async () => {
  const { asker, type } = terminal();
  const answer = asker.askText("", readLetter, NEVER);
  type("c\n");
  await settle();
  type(undefined);
  assert.equal(await answer, undefined);
});
