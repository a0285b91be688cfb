import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { settle } from "../support/fake_clock.ts";
import { run, token } from "./hosts.ts";
import { APPROVAL, echo, serve, serveHeld } from "./served.ts";

Deno.test("serveConnection() serves runs one after another, each with one terminal frame", async () => {
  const it = serve(echo);
  await it.host.send(run("one two"), run(""));
  await it.host.close();
  await it.served;
  assert.deepEqual(it.host.frames.map((frame) => frame), [
    { kind: "event", event: { type: "token", content: "one " } },
    { kind: "event", event: { type: "token", content: "two " } },
    { kind: "event", event: { type: "complete" } },
    { kind: "terminal", status: "completed", result: "echo: one two" },
    { kind: "event", event: { type: "complete" } },
    { kind: "terminal", status: "completed", result: "echo: " },
  ]);
});

Deno.test("a run gets what the frame holds", async () => {
  const it = serveHeld();
  const messages = [{ role: "user" }, 7];
  await it.host.send({ kind: "run", assignment: "do", reasoning_effort: "high", messages });
  assert.deepEqual(it.executor.last.request, {
    assignment: "do",
    reasoningEffort: "high",
    messages,
  });
  await it.finish();
});

Deno.test("a run during a run cancels the old one, whose terminal frame comes first", async () => {
  const it = serveHeld();
  await it.host.send(run("old"), run("new"));
  const old = it.executor.last;
  assert.equal(old.signal.aborted, true);
  assert.equal(it.executor.started.length, 1);
  await old.io.emit(token("last words"));
  old.end({ status: "cancelled", result: "half" });
  await settle();
  assert.equal(it.executor.started.length, 2);
  it.executor.last.end({ status: "completed", result: "new" });
  await settle();
  assert.deepEqual(it.host.frames, [
    { kind: "event", event: token("last words") },
    { kind: "terminal", status: "cancelled", result: "half" },
    { kind: "terminal", status: "completed", result: "new" },
  ]);
  await it.finish();
});

Deno.test("many runs at once: each gets its terminal frame, in order, and only the last runs on", async () => {
  const it = serve(echo);
  await it.host.send(
    run("__sleep_ms:50 a"),
    run("__sleep_ms:50 b"),
    run("__sleep_ms:50 c"),
    run("d"),
  );
  assert.deepEqual(it.host.story, [
    "cancelled",
    "cancelled",
    "cancelled",
    "d ",
    "complete",
    "completed",
  ]);
  await it.finish();
});

Deno.test("a cancel behind a run that stands in line ends that one too", async () => {
  const it = serveHeld();
  await it.host.send(run("old"), run("new"), { kind: "cancel" });
  it.executor.last.end({ status: "cancelled" });
  await settle();
  assert.equal(it.executor.last.signal.aborted, true);
  it.executor.last.end({ status: "cancelled" });
  await settle();
  assert.deepEqual(it.host.story, ["cancelled", "cancelled"]);
  await it.finish();
});

Deno.test("a run that stands in line when the worker is told to end never starts, but is told", async () => {
  const it = serveHeld();
  await it.host.send(run("old"), run("new"));
  it.controller.abort(new WorkerError("internal", "over"));
  it.executor.last.end({ status: "cancelled" });
  await Promise.all([it.served, it.host.ended]);
  assert.equal(it.executor.started.length, 1);
  assert.deepEqual(it.host.story, ["cancelled", "error"]);
});

Deno.test("cancel and message without a run do nothing", async () => {
  const it = serve(echo);
  await it.host.send({ kind: "cancel" }, { kind: "message", text: "hello" }, run("a"));
  assert.deepEqual(it.host.story, ["a ", "complete", "completed"]);
  await it.finish();
});

Deno.test("messages reach the run in order, also those that came before it listened", async () => {
  const it = serveHeld();
  await it.host.send(run("do"), { kind: "message", text: "one" }, { kind: "message", text: "two" });
  const texts: string[] = [];
  it.executor.last.io.steering.onText((text) => texts.push(text));
  await it.host.send({ kind: "message", text: "three" });
  assert.deepEqual(texts, ["one", "two", "three"]);
  await it.finish();
});

Deno.test("messages that nobody reads are bounded", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  for (let count = 0; count < 1_010; count++) {
    await it.host.link.send('{"kind":"message","text":"x"}');
  }
  await settle();
  let heard = 0;
  it.executor.last.io.steering.onText(() => heard++);
  assert.equal(heard, 1_000);
  assert.equal(it.logged.length, 10);
  await it.finish();
});

Deno.test("frames that do not parse are ignored and counted, and logged at most twice", async () => {
  const it = serve(echo);
  await it.host.send(
    "",
    "{",
    "[".repeat(100_000),
    '{"kind":"fly"}',
    '{"kind":"run"}',
    '{"kind":"run","assignment":"a","assignment":"b"}',
    '{"__proto__":{"kind":"cancel"}}',
    '{"kind":"approval_reply","id":"sa-0","approved":"true"}',
    run("fine"),
  );
  assert.deepEqual(it.host.story, ["fine ", "complete", "completed"]);
  await it.finish();
  assert.equal(it.logged.length, 2);
  assert.equal(it.logged[1], "Ignored 8 frames of the host in all");
});

Deno.test("nothing of a run comes after its terminal frame", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  const { io, signal, end } = it.executor.last;
  end({ status: "completed", result: "done" });
  await settle();
  await io.emit(token("late"));
  assert.equal(await io.approve(APPROVAL, signal), "void");
  await settle();
  assert.deepEqual(it.host.story, ["completed"]);
  await it.finish();
});

Deno.test("a run that does not end when cancelled is left behind after 5 s", async () => {
  const it = serveHeld();
  await it.host.send(run("stuck"), { kind: "cancel" });
  const stuck = it.executor.last;
  await it.clock.advance(4_999);
  assert.deepEqual(it.host.story, []);
  await it.clock.advance(1);
  await it.host.send(run("next"));
  await stuck.io.emit(token("late"));
  it.executor.last.end({ status: "completed", result: "" });
  await settle();
  assert.deepEqual(it.host.story, ["cancelled", "completed"]);
  await it.finish();
});

Deno.test("an executor with a bug fails the run, not the connection", async () => {
  const it = serveHeld();
  await it.host.send(run("one"));
  it.executor.last.fail(new TypeError("undefined is no function"));
  await it.host.send(run("two"));
  it.executor.last.end({ status: "completed", result: "fine" });
  await settle();
  assert.deepEqual(it.host.frames, [
    { kind: "terminal", status: "error", error: "undefined is no function", reason: "failed" },
    { kind: "terminal", status: "completed", result: "fine" },
  ]);
  await it.finish();
});

Deno.test("a run ends as cancelled when the host goes away, and is waited for", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  const { signal, end } = it.executor.last;
  let isServed = false;
  it.served.then(() => isServed = true);
  await it.host.close();
  assert.deepEqual([signal.aborted, isServed], [true, false]);
  end({ status: "cancelled" });
  await it.served;
});

Deno.test("a reader that stalls for 30 s ends the run", async () => {
  const it = serveHeld({ host: "mute" });
  await it.mute.send(JSON.stringify(run("do")));
  await settle();
  const { io, signal, end } = it.executor.last;
  const content = "x".repeat(600_000);
  for (let count = 0; count < 2; count++) io.emit(token(content));
  const full = io.emit(token(content));
  await it.clock.advance(29_999);
  assert.equal(signal.aborted, false);
  await it.clock.advance(1);
  await full;
  assert.equal(signal.aborted, true);
  end({ status: "cancelled" });
  await it.served;
});

Deno.test("emit() waits for a slow reader, but no longer than the run lives", async () => {
  const it = serveHeld({ host: "mute" });
  await it.mute.send(JSON.stringify(run("do")));
  await settle();
  const { io, end } = it.executor.last;
  let isThrough = false;
  const full = io.emit(token("x".repeat(1_100_000))).then(() => isThrough = true);
  await settle();
  assert.equal(isThrough, false);
  it.controller.abort(new WorkerError("cancelled", "stop"));
  await full;
  end({ status: "cancelled" });
  await it.served;
});

const endings = [
  {
    why: new WorkerError("cancelled", "Interrupted"),
    frame: { status: "cancelled", result: "half" },
  },
  {
    why: new WorkerError("connection_lost", "The owner has gone"),
    frame: { status: "error", error: "The owner has gone", reason: "failed", result: "half" },
  },
  {
    why: new WorkerError("timeout", "Run took more than 60 s"),
    frame: { status: "error", error: "Run took more than 60 s", reason: "timeout", result: "half" },
  },
];
for (const { why, frame } of endings) {
  Deno.test(`an abort for "${why.message}" sends the terminal frame, then closes the link`, async () => {
    const it = serveHeld();
    await it.host.send(run("do"));
    it.controller.abort(why);
    it.executor.last.end({ status: "cancelled", result: "half" });
    await Promise.all([it.served, it.host.ended]);
    assert.deepEqual(it.host.frames, [{ kind: "terminal", ...frame }]);
  });
}

Deno.test("an abort before or without a run closes the link", async () => {
  for (const isEarly of [true, false]) {
    const it = serveHeld({ aborted: isEarly });
    await settle();
    it.controller.abort(new Error("over"));
    await Promise.all([it.served, it.host.ended]);
    assert.deepEqual(it.host.frames, []);
  }
});

Deno.test("a message after a suspended run is the answer and goes on with it", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  it.executor.last.end({ status: "suspended", result: "Which one?" });
  await it.host.send({ kind: "message", text: "The left" });
  assert.deepEqual(it.executor.last.request, {
    assignment: "The left",
    messages: [],
    isAnswer: true,
  });
  it.executor.last.end({ status: "completed", result: "Done" });
  await it.host.send({ kind: "message", text: "nobody listens" });
  assert.equal(it.executor.started.length, 2);
  assert.deepEqual(it.host.terminals, [
    { kind: "terminal", status: "suspended", result: "Which one?" },
    { kind: "terminal", status: "completed", result: "Done" },
  ]);
  await it.finish();
});

const ASKED = {
  type: "need_clarification",
  question: "Which one?",
  options: null,
  allow_custom: true,
} as const;

Deno.test("a message that came after the question, and before the run was over, is the answer", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  const steered: string[] = [];
  it.executor.last.io.steering.onText((text) => steered.push(text));
  await it.host.send({ kind: "message", text: "hurry" });
  await it.executor.last.io.emit(ASKED);
  await it.host.send({ kind: "message", text: "The left" }, { kind: "message", text: "quick" });
  it.executor.last.end({ status: "suspended", result: "Which one?" });
  await settle();
  assert.deepEqual(steered, ["hurry"]);
  assert.equal(it.executor.last.request.assignment, "The left");
  assert.equal(it.executor.last.request.isAnswer, true);
  it.executor.last.io.steering.onText((text) => steered.push(text));
  assert.deepEqual(steered, ["hurry", "quick"]);
  await it.finish();
});

Deno.test("a cancel after the question counts, whatever was said before it", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  await it.executor.last.io.emit(ASKED);
  await it.host.send({ kind: "message", text: "Approve" }, { kind: "cancel" });
  it.executor.last.end({ status: "suspended", result: "Which one?" });
  await settle();
  assert.deepEqual(it.host.terminals, [{ kind: "terminal", status: "cancelled" }]);
  assert.equal(it.executor.started.length, 1, "nothing goes on");
  assert.equal(it.executor.drops, 1);
  await it.finish();
});

Deno.test("what waits is dropped when the host cancels it, and when it goes", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  it.executor.last.end({ status: "suspended", result: "Which one?" });
  await it.host.send({ kind: "cancel" }, { kind: "message", text: "The left" });
  assert.equal(it.executor.drops, 1);
  assert.equal(it.executor.started.length, 1, "a late answer starts nothing");
  await it.finish();
  assert.equal(it.executor.drops, 2);
});

Deno.test("a run after a suspended run starts anew", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  it.executor.last.end({ status: "suspended", result: "Which one?" });
  await it.host.send({ kind: "cancel" }, run("another"));
  assert.equal(it.executor.last.request.isAnswer, undefined);
  await it.finish();
});

Deno.test("an event that no host would take fails the run", async () => {
  const it = serveHeld({ takesAtMost: 1_000 });
  await it.host.send(run("do"));
  const { io, signal, end } = it.executor.last;
  await io.emit(token("x".repeat(1_000)));
  assert.equal(signal.aborted, true);
  end({ status: "cancelled" });
  await settle();
  assert.deepEqual(it.host.frames, [
    { kind: "terminal", status: "error", error: "Cannot send: too long", reason: "limit" },
  ]);
  await it.finish();
});

Deno.test("a result that no host would take is told as an error without it", async () => {
  const it = serveHeld({ takesAtMost: 1_000 });
  await it.host.send(run("do"));
  it.executor.last.end({ status: "completed", result: "x".repeat(1_000) });
  await settle();
  assert.deepEqual(it.host.frames, [
    { kind: "terminal", status: "error", error: "Cannot send: too long", reason: "limit" },
  ]);
  await it.finish();
});
