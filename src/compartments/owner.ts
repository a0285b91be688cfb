// Whoever started this process: its end, or a signal, ends the worker.
import { every } from "../base/clock.ts";

const POLL_MS = 1000;
const SIGNALS: readonly Deno.Signal[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/**
 * Calls `lost` once a second at most, with what happened, when the parent is another process than
 * at boot. No parent-death signal: it follows the thread that started us, not the process.
 */
export function watchOwner(ownerPid: number, lost: (why: string) => void): Disposable {
  const watch = new DisposableStack();
  watch.use(every(POLL_MS, () => {
    if (Deno.ppid !== ownerPid) lost("the process that started this worker is gone");
  }));
  for (const signal of Deno.build.os === "windows" ? SIGNALS.slice(1, 2) : SIGNALS) {
    const listener = () => lost(`ended by ${signal}`);
    Deno.addSignalListener(signal, listener);
    watch.defer(() => Deno.removeSignalListener(signal, listener));
  }
  return watch;
}
