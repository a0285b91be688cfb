// A worker in one of its modes, without sockets, and hosts that connect to it.
import type { FrameListener } from "../../src/links/frame_listener.ts";
import { createEchoExecutor } from "../../src/executors/echo.ts";
import type { ServingOptions } from "../../src/serving/connection.ts";
import { FakeClock, settle } from "../support/fake_clock.ts";
import { MemoryListener } from "../support/memory_listener.ts";
import { Host, servingOptions } from "./hosts.ts";

type Mode = (
  listener: FrameListener,
  options: ServingOptions,
  signal: AbortSignal,
) => Promise<void>;

export type StartedMode = {
  readonly clock: FakeClock;
  readonly controller: AbortController;
  readonly listener: MemoryListener;
  readonly ended: Promise<void>;
  /** "serving", "done", or the message of what it threw. */
  readonly state: string;
  connect(): Promise<Host>;
};

export function start(mode: Mode): StartedMode {
  const clock = new FakeClock();
  const listener = new MemoryListener(clock);
  const controller = new AbortController();
  const options = servingOptions(createEchoExecutor({ clock }), clock);
  let state = "serving";
  const ended = mode(listener, options, controller.signal).then(
    () => void (state = "done"),
    (error: Error) => void (state = error.message),
  );
  return {
    clock,
    controller,
    listener,
    ended,
    get state() {
      return state;
    },
    async connect(): Promise<Host> {
      const host = new Host(listener.connect());
      await settle();
      return host;
    },
  };
}
