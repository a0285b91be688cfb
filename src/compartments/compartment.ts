// What the three worker threads have in common: the first message hands over the control port;
// an error nobody handles ends the process through the warden.
import type { WorkerError } from "../core/errors.ts";

/** Calls `open` once with the control port that the warden sends first. */
export function onControlPort(open: (control: MessagePort) => void): void {
  addEventListener("message", (event) => {
    if (!(event instanceof MessageEvent) || !(event.data instanceof MessagePort)) {
      throw new TypeError("Expected a control port as the first message");
    }
    open(event.data);
  }, { once: true });
}

/** For ports: a violated table is an uncaught error, which the warden ends the process for. */
export function endProcess(error: WorkerError | Error): void {
  reportError(error);
}

/**
 * Tries an action that this compartment must not be able to do.
 * @returns the name of the refusal.
 * @throws if it was not refused: then nothing may start.
 */
export function mustBeRefused(action: () => unknown): string {
  try {
    action();
  } catch (thrown) {
    if (
      thrown instanceof Deno.errors.NotCapable || thrown instanceof Deno.errors.PermissionDenied
    ) {
      return thrown.name;
    }
    throw thrown;
  }
  throw new Error("Self-test failed: an action that must be refused was not");
}
