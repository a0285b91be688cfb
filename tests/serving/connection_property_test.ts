import { strict as assert } from "node:assert";
import fc from "fast-check";
import { WorkerError } from "../../src/core/errors.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { decodeChildFrame } from "../../src/protocol/frames.ts";
import type { ChildFrame } from "../../src/protocol/frames.ts";
import { serveConnection } from "../../src/serving/connection.ts";
import { readParentFrames } from "../../src/serving/parent_frames.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { servingOptions, tell } from "./hosts.ts";

type Step =
  | { type: "send"; text: string }
  | { type: "pass"; ms: number }
  | { type: "close" }
  | { type: "abort" };

const frame = fc.constantFrom(
  '{"kind":"run","assignment":"__sleep_ms:5 a b c"}',
  '{"kind":"run","assignment":"a b c"}',
  '{"kind":"run","assignment":""}',
  '{"kind":"cancel"}',
  '{"kind":"message","text":"hi"}',
  '{"kind":"approval_reply","id":"sa-0","approved":true}',
  '{"kind":"nonsense"}',
  "{",
);
const send = frame.map((text): Step => ({ type: "send", text }));
const pass = fc.constantFrom(0, 1, 5, 20).map((ms): Step => ({ type: "pass", ms }));
const steps = fc.array(fc.oneof({ weight: 4, arbitrary: send }, { weight: 2, arbitrary: pass }), {
  maxLength: 25,
});
const last = fc.constantFrom<Step>({ type: "close" }, { type: "abort" });

Deno.test("each of 1,000 random conversations has exactly one terminal frame for each run, at its end", async () => {
  await fc.assert(
    fc.asyncProperty(steps, last, async (steps, last) => {
      const history = await converse([...steps, last]);
      const runs = steps.filter((step) =>
        step.type === "send" && step.text.includes('"run"')
      ).length;
      const terminals = history.filter(({ kind }) => kind === "terminal").length;
      // A run frame that was never read, because the worker was told to end, is no run.
      if (last.type === "close") assert.equal(terminals, runs);
      else assert.ok(terminals <= runs);
      assert.match(history.map((frame) => `${tell(frame)},`).join(""), STORY);
    }),
    { numRuns: 1_000 },
  );
});

/** A whole run, or tokens in order, perhaps cut short; then one terminal frame. Again and again. */
const STORY =
  /^(?:(?:a ,b ,c ,)?complete,completed,|(?:a ,(?:b ,(?:c ,)?)?)?(?:cancelled|error),)*$/;

/** Everything the worker said. */
async function converse(steps: readonly Step[]): Promise<ChildFrame[]> {
  const clock = new FakeClock();
  const [near, far] = memoryLinks({ clock });
  const history: ChildFrame[] = [];
  const link: FrameLink = {
    frames: far.frames,
    closed: far.closed,
    close: () => far.close(),
    [Symbol.asyncDispose]: () => far.close(),
    send(text) {
      history.push(decodeChildFrame(text));
      return far.send(text);
    },
  };
  const controller = new AbortController();
  const options = servingOptions(createEchoExecutor({ clock }), clock);
  const frames = readParentFrames(link, options.log);
  const served = serveConnection({ link, frames }, options, controller.signal);
  for (const step of steps) {
    if (step.type === "send") await near.send(step.text);
    if (step.type === "pass") await clock.advance(step.ms);
    if (step.type === "close") await near.close();
    if (step.type === "abort") controller.abort(new WorkerError("internal", "over"));
  }
  await served;
  await settle();
  assert.deepEqual(clock.waits, []);
  return history;
}
