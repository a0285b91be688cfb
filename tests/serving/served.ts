// One connection being served, with both of its ends in the test's hands.
import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import type { Executor } from "../../src/executors/executor.ts";
import type { FrameLink } from "../../src/links/frame_link.ts";
import { memoryLinks } from "../../src/links/memory_link.ts";
import { serveConnection } from "../../src/serving/connection.ts";
import { readParentFrames } from "../../src/serving/parent_frames.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { HeldExecutor, Host, type LoggedOptions, servingOptions } from "./hosts.ts";

export const APPROVAL = { tool_name: "Bash", permission: "Execute shell commands", resource: "ls" };

export function echo(clock: FakeClock): Executor {
  return createEchoExecutor({ clock });
}

type How = { host?: "mute"; aborted?: boolean; takesAtMost?: number };

export type Served = {
  readonly clock: FakeClock;
  readonly host: Host;
  /** The host's end, for tests that have it never read. */
  readonly mute: FrameLink;
  /** Settles when serveConnection does. */
  readonly served: Promise<void>;
  readonly controller: AbortController;
  readonly logged: readonly string[];
  /** The host goes, and the worker with it. */
  finish(): Promise<void>;
};

export type ServedHeld = Served & {
  readonly executor: HeldExecutor;
  /** What the run itself may abort its approvals with. */
  readonly giveUp: AbortController;
};

export function serveHeld(how: How = {}): ServedHeld {
  const executor = new HeldExecutor();
  const giveUp = new AbortController();
  const it = serve(() => executor, undefined, how);
  /** Ends what is left: the host goes, the last run ends. */
  const finish = async () => {
    await it.host.close();
    for (const { end } of executor.started) end({ status: "cancelled" });
    await settle();
    for (const { end } of executor.started) end({ status: "cancelled" });
    await it.served;
    assert.deepEqual(it.clock.waits, []);
  };
  return { ...it, executor, giveUp, finish };
}

export function serve(
  makeExecutor: (clock: FakeClock) => Executor,
  given?: LoggedOptions,
  how: How = {},
): Served {
  const clock = new FakeClock();
  const [near, whole] = memoryLinks({ clock });
  const far = limited(whole, how.takesAtMost ?? Infinity);
  const options = given ?? servingOptions(makeExecutor(clock), clock);
  const controller = new AbortController();
  if (how.aborted) controller.abort(new Error("over"));
  const frames = readParentFrames(far, options.log);
  const served = serveConnection({ link: far, frames }, options, controller.signal);
  // A mute host never reads.
  const host = how.host === "mute" ? new Host(memoryLinks({ clock })[0]) : new Host(near);
  const finish = async () => {
    await host.close();
    await served;
  };
  return { clock, host, mute: near, served, controller, logged: options.logged, finish };
}

function limited(link: FrameLink, maxLength: number): FrameLink {
  return {
    frames: link.frames,
    closed: link.closed,
    close: () => link.close(),
    [Symbol.asyncDispose]: () => link.close(),
    send(text) {
      if (text.length <= maxLength) return link.send(text);
      return Promise.reject(new WorkerError("limit", "Cannot send: too long"));
    },
  };
}
