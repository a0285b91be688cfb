// What the three worker threads have in common: how they begin, and how they tell that they failed.
import { messageOf } from "../core/errors.ts";
import type { Domain } from "../grants/domain.ts";

/** What the warden sends a thread first, and once. */
export type Beginning = {
  readonly control: MessagePort;
  /** Takes one text: why this thread has failed. The process then ends. */
  readonly alarm: MessagePort;
  /** What the kernel is to leave this thread; undefined where no kernel layer is in force. */
  readonly domain?: Domain | undefined;
  /** For the gateway: the thread it has to make. */
  readonly hands?: {
    readonly permissions: Deno.PermissionOptionsObject;
    readonly beginning: Beginning;
  } | undefined;
  /** For the gateway: a folder that is out of its reach from now on. */
  readonly forbidden?: string | undefined;
};

export type Compartment = Omit<Beginning, "alarm"> & {
  /** To be called when the thread has failed. */
  readonly fail: (reason: unknown) => void;
};

/**
 * Calls `open` once. An error that nobody handles raises the alarm, instead of a stack trace on
 * stderr.
 */
export function beginCompartment(open: (compartment: Compartment) => void): void {
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent) || !isBeginning(event.data)) {
      throw new TypeError("Expected the control port and the alarm as the first message");
    }
    const { alarm, ...rest } = event.data;
    const fail = (reason: unknown) => alarm.postMessage(messageOf(reason));
    addEventListener("error", (event) => {
      event.preventDefault();
      fail(event.error ?? event.message);
    });
    addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      fail(event.reason);
    });
    silence();
    open({ ...rest, fail });
  }, { once: true });
}

/** What a library logs may be text of a model or a server: it must not reach stderr. */
function silence(): void {
  const mute = () => {};
  Object.assign(console, { debug: mute, error: mute, info: mute, log: mute, warn: mute });
}

/** From the warden, or from a thread that passes on what the warden gave it. */
function isBeginning(data: unknown): data is Beginning {
  return typeof data === "object" && data !== null &&
    "control" in data && data.control instanceof MessagePort &&
    "alarm" in data && data.alarm instanceof MessagePort;
}

/**
 * Tries an action that this compartment must not be able to do.
 * @throws if it was not refused: then nothing may start.
 */
export function mustBeRefused(action: () => unknown): void {
  try {
    action();
  } catch (thrown) {
    if (
      thrown instanceof Deno.errors.NotCapable || thrown instanceof Deno.errors.PermissionDenied
    ) {
      return;
    }
    throw thrown;
  }
  throw new Error("Self-test failed: an action that must be refused was not");
}
