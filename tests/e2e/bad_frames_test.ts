// Frames that are none, or too many, too large or too deep: the worker stays and runs what follows.
import { strict as assert } from "node:assert";
import { within } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";
import { echoSpec } from "../support/scripted_spec.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

/** Each is sent as it is; none of them may start, end or answer anything. */
const IGNORED: Readonly<Record<string, string>> = {
  "an empty text": "",
  "no JSON": "run everything",
  "half a frame": '{"kind":"run","assign',
  "two frames in one": '{"kind":"cancel"}{"kind":"cancel"}',
  "a number": "7",
  "an array": '["a"]',
  "no kind": '{"assignment":"a"}',
  "an unknown kind": '{"kind":"execute","assignment":"a"}',
  "a kind in another case": '{"kind":"Run","assignment":"a"}',
  "a missing field": '{"kind":"run"}',
  "a wrong type": '{"kind":"run","assignment":1}',
  "a field given twice": '{"kind":"run","assignment":"a","assignment":"b"}',
  "null where there is no default": '{"kind":"message","text":null}',
  "an approval that is not literally true":
    '{"kind":"approval_reply","id":"sa-0","approved":"true"}',
  "a frame under a prototype's name": '{"__proto__":{"kind":"run","assignment":"a"}}',
  "an array 100,000 levels deep": deep(100_000),
  "a history 100,000 levels deep": `{"kind":"run","assignment":"a","messages":[${deep(100_000)}]}`,
  "a lone surrogate": '{"kind":"run","assignment":"\\ud800"}',
};

Deno.test("worker ignores each frame that is none and then runs the next", async (t) => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  await using connection = await worker.connect();
  for (const [name, text] of Object.entries(IGNORED)) {
    await t.step(name, async () => {
      connection.sendText(text);
      const run = await connection.run("on");
      assert.equal(run.terminal.result, "echo: on");
    });
  }
  assert.equal(connection.frames.length, 3 * Object.keys(IGNORED).length);
});

Deno.test("worker runs an assignment that holds anything JSON can hold", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  await using connection = await worker.connect();
  const assignment = 'quotes"and\\backslash \u{1f600} \u0000nul __proto__ \u2028';
  const run = await connection.run(assignment);
  const words = assignment.split(/\s+/).filter((word) => word !== "");
  assert.equal(run.terminal.result, `echo: ${words.join(" ")}`);
});

Deno.test("worker ends a connection whose frame is over 16 MiB, and serves the next one", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  {
    await using flooding = await worker.connect();
    flooding.send({ kind: "run", assignment: "x".repeat(17 * 1024 * 1024) });
    await within(flooding.closed, { what: "end of the connection" });
    assert.deepEqual(flooding.frames, []);
  }
  await using next = await worker.connect();
  assert.equal((await next.run("next")).terminal.result, "echo: next");
});

Deno.test("worker takes a frame of 15 MiB whole", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  await using connection = await worker.connect();
  const long = "y".repeat(15 * 1024 * 1024);
  const run = await connection.run("short", { messages: [{ role: "user", content: long }] });
  assert.equal(run.terminal.result, "echo: short");
});
