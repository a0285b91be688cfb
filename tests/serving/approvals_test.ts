import { strict as assert } from "node:assert";
import type { Approval } from "../../src/core/approval.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { HeldExecutor, run, servingOptions } from "./hosts.ts";
import { APPROVAL, serve, type ServedHeld, serveHeld } from "./served.ts";

Deno.test("approve() asks the host and takes its first answer", async (t) => {
  for (const approved of [true, false]) {
    await t.step(String(approved), async () => {
      const it = serveHeld();
      await it.host.send(run("do"));
      const { io, signal } = it.executor.last;
      const answer = io.approve(APPROVAL, signal);
      await settle();
      assert.deepEqual(it.host.frames, [{ kind: "approval_request", id: "sa-0", body: APPROVAL }]);
      await it.host.send(
        { kind: "approval_reply", id: "sa-1", approved: !approved },
        { kind: "subagent_reply", id: "sa-0", body: true },
        { kind: "approval_reply", id: "sa-0", approved },
        { kind: "approval_reply", id: "sa-0", approved: !approved },
      );
      assert.equal(await answer, approved ? "allowed" : "denied");
      await it.finish();
    });
  }
});

Deno.test("ids go on from run to run and from connection to connection", async () => {
  const executor = new HeldExecutor();
  const options = servingOptions(executor, new FakeClock());
  const ids: string[] = [];
  for (let connection = 0; connection < 2; connection++) {
    const it = serve(() => executor, options);
    for (let turn = 0; turn < 2; turn++) {
      await it.host.send(run("do"));
      const answer = executor.last.io.approve(APPROVAL, executor.last.signal);
      await settle();
      executor.last.end({ status: "completed", result: "" });
      assert.equal(await answer, "void");
      await settle();
    }
    await it.host.close();
    await it.served;
    ids.push(...it.host.story.filter((text) => text.startsWith("sa-")));
  }
  assert.deepEqual(ids, ["sa-0", "sa-1", "sa-2", "sa-3"]);
});

Deno.test("a late yes to a run that has ended approves nothing of the next", async () => {
  const it = serveHeld();
  await it.host.send(run("one"));
  const first = it.executor.last.io.approve(APPROVAL, it.executor.last.signal);
  await it.host.send(run("two"));
  assert.equal(await first, "void");
  it.executor.last.end({ status: "cancelled" });
  await settle();
  const second = it.executor.last.io.approve(APPROVAL, it.executor.last.signal);
  await it.host.send({ kind: "approval_reply", id: "sa-0", approved: true });
  await it.host.send({ kind: "approval_reply", id: "sa-1", approved: false });
  assert.equal(await second, "denied");
  await it.finish();
});

const ends: {
  why: string;
  outcome: Approval;
  act(it: ServedHeld): Promise<unknown> | void;
}[] = [
  { why: "the host cancels", outcome: "void", act: (it) => it.host.send({ kind: "cancel" }) },
  { why: "another run replaces it", outcome: "void", act: (it) => it.host.send(run("next")) },
  {
    why: "the worker is told to end",
    outcome: "void",
    act: (it) => it.controller.abort(new Error("over")),
  },
  { why: "the run gives it up", outcome: "void", act: (it) => it.giveUp.abort() },
  { why: "the host goes away", outcome: "no_approver", act: (it) => it.host.close() },
  { why: "nobody answers in 300 s", outcome: "timed_out", act: (it) => it.clock.advance(300_000) },
];
for (const { why, outcome, act } of ends) {
  Deno.test(`approve() is ${outcome} when ${why}`, async () => {
    const it = serveHeld();
    await it.host.send(run("do"));
    const answer = it.executor.last.io.approve(APPROVAL, it.giveUp.signal);
    await settle();
    await act(it);
    assert.equal(await answer, outcome);
    await it.finish();
  });
}

Deno.test("approve() waits for 300 s, and hears no answer that comes later", async () => {
  const it = serveHeld();
  await it.host.send(run("do"));
  const { io, signal } = it.executor.last;
  const first = io.approve(APPROVAL, signal);
  await it.clock.advance(299_999);
  await it.host.send({ kind: "approval_reply", id: "sa-0", approved: true });
  assert.equal(await first, "allowed");
  const second = io.approve(APPROVAL, signal);
  await it.clock.advance(300_000);
  await it.host.send({ kind: "approval_reply", id: "sa-1", approved: true });
  assert.equal(await second, "timed_out");
  const third = io.approve(APPROVAL, signal);
  await settle();
  await it.host.send({ kind: "approval_reply", id: "sa-1", approved: true });
  await it.host.send({ kind: "approval_reply", id: "sa-2", approved: false });
  assert.equal(await third, "denied");
  await it.finish();
});

Deno.test("approve() asks nobody once the run has been stopped", async () => {
  const it = serveHeld();
  await it.host.send(run("do"), { kind: "cancel" });
  const { io, signal } = it.executor.last;
  assert.equal(await io.approve(APPROVAL, signal), "void");
  assert.deepEqual(it.host.frames, []);
  await it.finish();
});
