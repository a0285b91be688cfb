import { strict as assert } from "node:assert";
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
      assert.equal(await answer, approved);
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
      assert.equal(await answer, false);
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
  assert.equal(await first, false);
  it.executor.last.end({ status: "cancelled" });
  await settle();
  const second = it.executor.last.io.approve(APPROVAL, it.executor.last.signal);
  await it.host.send({ kind: "approval_reply", id: "sa-0", approved: true });
  await it.host.send({ kind: "approval_reply", id: "sa-1", approved: false });
  assert.equal(await second, false);
  await it.finish();
});

const denials: { why: string; act(it: ServedHeld): Promise<unknown> | void }[] = [
  { why: "the host cancels", act: (it) => it.host.send({ kind: "cancel" }) },
  { why: "the host goes away", act: (it) => it.host.close() },
  { why: "the worker is told to end", act: (it) => it.controller.abort(new Error("over")) },
  { why: "the run gives it up", act: (it) => it.giveUp.abort() },
];
for (const { why, act } of denials) {
  Deno.test(`approve() is denied when ${why}`, async () => {
    const it = serveHeld();
    await it.host.send(run("do"));
    const answer = it.executor.last.io.approve(APPROVAL, it.giveUp.signal);
    await settle();
    await act(it);
    assert.equal(await answer, false);
    await it.finish();
  });
}
