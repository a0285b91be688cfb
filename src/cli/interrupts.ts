// Signals from the person at the terminal: one asks the run to end, a second Ctrl-C ends it.

export type Interrupts = {
  /** Ctrl-C, or SIGTERM. */
  readonly cancel: () => void;
  /** Ctrl-C again. */
  readonly kill: () => void;
};

/** Listens until disposed. */
export function watchInterrupts({ cancel, kill }: Interrupts): Disposable {
  let presses = 0;
  const pressed = () => (++presses === 1 ? cancel() : kill());
  const signals = new Map<Deno.Signal, () => void>([["SIGINT", pressed]]);
  if (Deno.build.os !== "windows") signals.set("SIGTERM", cancel);
  for (const [signal, listener] of signals) Deno.addSignalListener(signal, listener);
  return {
    [Symbol.dispose]() {
      for (const [signal, listener] of signals) Deno.removeSignalListener(signal, listener);
    },
  };
}
