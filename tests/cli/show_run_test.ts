import { strict as assert } from "node:assert";
import { JsonView } from "../../src/cli/json_view.ts";
import { Screen } from "../../src/cli/screen.ts";
import { type ShowOptions, showRun } from "../../src/cli/show_run.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { encodeFrame } from "../../src/protocol/encode.ts";
import type { ChildFrame, TerminalFrame } from "../../src/protocol/frames.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { ABOUT, events, failed, terminal, token } from "./streams.ts";

const BODY = { tool_name: "Write", permission: "p", resource: "r" };

type Showing = AsyncDisposable & {
  readonly worker: FrameLink;
  readonly ended: Promise<TerminalFrame>;
  /** Kinds of what was printed. */
  readonly printed: string[];
  /** What the worker was sent. */
  readonly sent: string[];
  readonly cancel: () => void;
  readonly send: (...frames: readonly ChildFrame[]) => Promise<void>;
};

function showing(options: Partial<ShowOptions> = {}): Showing {
  const clock = new FakeClock();
  const [host, worker] = memoryLinks({ clock });
  const printed: string[] = [];
  const sent: string[] = [];
  const write = (bytes: Uint8Array) => {
    for (const line of new TextDecoder().decode(bytes).trim().split("\n")) {
      printed.push(JSON.parse(line).kind);
    }
    return Promise.resolve(bytes.length);
  };
  const cancelling = new AbortController();
  const reading = readInto(worker, sent);
  const ended = showRun(host, {
    assignment: "do it",
    view: new JsonView(),
    screen: new Screen({
      stdout: { write },
      stderr: { write },
      isShared: false,
      status: undefined,
    }),
    clock,
    startedAt: 0,
    lookUp: () => Promise.resolve(ABOUT),
    approve: () => Promise.resolve(false),
    answer: () => Promise.resolve(undefined),
    unanswered: () => [],
    ...options,
  }, cancelling.signal);
  return {
    worker,
    ended,
    printed,
    sent,
    cancel: () => cancelling.abort(),
    async send(...frames) {
      for (const frame of frames) await worker.send(encodeFrame(frame));
      await settle();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([host.close(), worker.close()]);
      await reading;
    },
  };
}

async function readInto(link: FrameLink, texts: string[]): Promise<void> {
  for await (const text of link.frames) texts.push(text);
}

Deno.test("showRun() shows every frame up to the terminal one", async () => {
  await using run = showing();
  await run.send(
    ...events(token("a"), token("b")),
    terminal({ status: "completed", result: "ab" }),
  );
  assert.deepEqual(await run.ended, { kind: "terminal", status: "completed", result: "ab" });
  assert.deepEqual(run.sent, ['{"kind":"run","assignment":"do it"}']);
  await settle();
  assert.deepEqual(run.printed, ["sheath", "event", "event", "terminal"]);
});

Deno.test("showRun() tells at the end, on stderr, what was refused", async () => {
  const told: string[] = [];
  const stderr = {
    write(bytes: Uint8Array) {
      told.push(new TextDecoder().decode(bytes));
      return Promise.resolve(bytes.length);
    },
  };
  const stdout = { write: (bytes: Uint8Array) => Promise.resolve(bytes.length) };
  const screen = new Screen({ stdout, stderr, isShared: false, status: undefined });
  await using run = showing({ screen });
  const why = "capabilities.sandbox.commands is false";
  await run.send(
    ...events(failed("1", `Tool not available: Bash: ${why}`)),
    terminal({ status: "completed" }),
  );
  await run.ended;
  await screen.flush();
  assert.equal(told.join(""), "refused: 1 action\n  Bash · allow with --commands on\n");
});

Deno.test("showRun() ends with a terminal frame of its own when the worker is gone", async () => {
  await using run = showing();
  await run.worker.close();
  const { status, error } = await run.ended;
  assert.deepEqual([status, error], ["error", "worker closed before the run ended"]);
});

Deno.test("showRun() passes a cancel on and waits for the terminal frame", async () => {
  await using run = showing();
  await settle();
  run.cancel();
  await settle();
  assert.deepEqual(run.sent.slice(1), ['{"kind":"cancel"}']);
  await run.send(terminal({ status: "cancelled" }));
  assert.equal((await run.ended).status, "cancelled");
});

Deno.test("showRun() answers an approval request while frames go on", async () => {
  const answer = Promise.withResolvers<boolean>();
  const asked: unknown[] = [];
  const approve: ShowOptions["approve"] = (body, about) => {
    asked.push(body, about);
    return answer.promise;
  };
  await using run = showing({ approve });
  await run.send({ kind: "approval_request", id: "sa-4", body: BODY }, ...events(token("x")));
  assert.deepEqual(run.printed, ["sheath", "approval_request", "event"]);
  assert.deepEqual(asked, [BODY, ABOUT]);
  answer.resolve(true);
  await settle();
  assert.deepEqual(run.sent.slice(1), ['{"kind":"approval_reply","id":"sa-4","approved":true}']);
  await run.send(terminal({ status: "completed" }));
  await run.ended;
});

Deno.test("showRun() denies what cannot be answered", async () => {
  await using run = showing({ approve: () => Promise.reject(new Error("broken")) });
  await run.send({ kind: "approval_request", id: "sa-0", body: BODY });
  assert.deepEqual(run.sent.slice(1), ['{"kind":"approval_reply","id":"sa-0","approved":false}']);
  await run.send(terminal({ status: "completed" }));
  await run.ended;
});

Deno.test("showRun() gives up an open question when the run ends", async () => {
  const signals: AbortSignal[] = [];
  const approve: ShowOptions["approve"] = (_body, _about, signal) => {
    signals.push(signal);
    return new Promise(() => {});
  };
  await using run = showing({ approve });
  await run.send({ kind: "approval_request", id: "sa-0", body: BODY });
  await run.send(terminal({ status: "error", error: "timed out", reason: "timeout" }));
  await run.ended;
  assert.deepEqual(signals.map((signal) => signal.aborted), [true]);
});

Deno.test("showRun() rejects when nothing can be written", async () => {
  const broken = new Error("Broken pipe");
  const sink = { write: () => Promise.reject(broken) };
  const screen = new Screen({ stdout: sink, stderr: sink, isShared: false, status: undefined });
  await using run = showing({ screen });
  const refused = assert.rejects(run.ended, broken);
  await run.send(...events(token("a"), token("b")));
  await refused;
});

const QUESTION = {
  type: "need_clarification",
  question: "Which one?",
  options: ["left", "right"],
  allow_custom: false,
} as const;

Deno.test("showRun() answers a run that waits, and shows what comes after it", async () => {
  const asked: unknown[] = [];
  await using run = showing({
    answer(question, about) {
      asked.push(question, about);
      return Promise.resolve("right");
    },
    unanswered: () => [],
  });
  await run.send(...events(QUESTION), terminal({ status: "suspended", result: "Which one?" }));
  await settle();
  assert.deepEqual(asked, [QUESTION, ABOUT]);
  assert.deepEqual(run.sent.slice(1), ['{"kind":"message","text":"right"}']);
  await run.send(...events(token("a")), terminal({ status: "completed", result: "a" }));
  assert.equal((await run.ended).status, "completed");
});

Deno.test("showRun() ends with a run that nobody answers", async (t) => {
  const nobody: Readonly<Record<string, ShowOptions["answer"]>> = {
    "no terminal": () => Promise.resolve(undefined),
    "interrupted": () => Promise.reject(new Error("interrupted")),
  };
  for (const [name, answer] of Object.entries(nobody)) {
    await t.step(name, async () => {
      await using run = showing({ answer });
      await run.send(...events(QUESTION), terminal({ status: "suspended", result: "Which one?" }));
      assert.equal((await run.ended).status, "suspended");
      assert.equal(run.sent.length, 1);
    });
  }
});
