// Makes the thread it is called in fail as a bug would, when the test says so.
import { existsSync } from "node:fs";

/** Whether, and at what, a thread is to fail; handed over as the last argument of the command line. */
export type Crash = {
  readonly thread: string;
  /** A file to wait for, or the address of a server that answers when it is time. */
  readonly when: string;
};

const LOOK_EVERY_MS = 5;

export async function crashWhenTold({ thread, when }: Crash, name: string): Promise<void> {
  if (thread !== name) return;
  if (when.startsWith("http:")) await fetch(when);
  else await appears(when);
  setTimeout(() => {
    throw new Error("boom");
  });
}

function appears(path: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setInterval(() => {
    if (!existsSync(path)) return;
    clearInterval(timer);
    resolve();
  }, LOOK_EVERY_MS);
  return promise;
}
