// What every Executor keeps. A member's test file calls this.
import { strict as assert } from "node:assert";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Executor, RunIo, RunRequest } from "../../src/executors/executor.ts";

export type Emitted = Parameters<RunIo["emit"]>[0];

/** A run's events and outcome; `room` is what `emit` waits for, given the number of the event. */
export async function runOnce(
  executor: Executor,
  request: Partial<RunRequest> & { readonly assignment: string },
  how: { readonly signal?: AbortSignal; room?(count: number): Promise<void> | void } = {},
): Promise<{ readonly events: readonly Emitted[]; readonly outcome: Outcome }> {
  const events: Emitted[] = [];
  const io: RunIo = {
    async emit(event) {
      events.push(event);
      await how.room?.(events.length);
    },
    approve: () => Promise.resolve("allowed"),
    steering: { onText() {} },
  };
  const signal = how.signal ?? new AbortController().signal;
  const outcome = await executor.run({ messages: [], ...request }, io, signal);
  return { events, outcome };
}

/** `assignment` makes the member emit some events and complete. */
export function testExecutor(
  name: string,
  options: { readonly assignment: string; create(): Executor },
): void {
  const { assignment, create } = options;

  Deno.test(`${name}: ends a whole run with complete, and emits nothing after it has settled`, async () => {
    const { events, outcome } = await runOnce(create(), { assignment });
    const count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 0));
    assert.equal(outcome.status, "completed");
    assert.equal(events.at(-1)?.type, "complete");
    assert.equal(events.length, count);
    assert.equal(events.filter(({ type }) => type === "complete").length, 1);
  });

  Deno.test(`${name}: is cancelled without an event when it was aborted before`, async () => {
    const signal = AbortSignal.abort(new Error("stop"));
    const { events, outcome } = await runOnce(create(), { assignment }, { signal });
    assert.deepEqual(events, []);
    assert.equal(outcome.status, "cancelled");
  });

  Deno.test(`${name}: is cancelled without complete when it is aborted between two events`, async () => {
    const controller = new AbortController();
    const room = () => controller.abort(new Error("stop"));
    const { events, outcome } = await runOnce(create(), { assignment }, {
      signal: controller.signal,
      room,
    });
    assert.equal(events.length, 1);
    assert.equal(outcome.status, "cancelled");
  });

  Deno.test(`${name}: waits for room after each event`, async () => {
    let inside = 0;
    const { outcome } = await runOnce(create(), { assignment }, {
      async room() {
        assert.equal(++inside, 1);
        await Promise.resolve();
        inside--;
      },
    });
    assert.equal(outcome.status, "completed");
  });

  Deno.test(`${name}: serves one run after another`, async () => {
    const executor = create();
    const first = await runOnce(executor, { assignment });
    assert.deepEqual(await runOnce(executor, { assignment }), first);
  });
}
