// One compartment as the warden sees it: a narrowed Web Worker and its control port.
import { WorkerError } from "../core/errors.ts";
import type { CompartmentName, Permissions } from "../grants/project.ts";
import type { Beginning } from "./compartment.ts";

/** Lives as long as the process: a thread is never ended alone, nor started again. */
export class Thread {
  /** The warden's end of the control port. */
  readonly control: MessagePort;
  /** Resolves with the reason when the thread has failed; it never rejects. */
  readonly died: Promise<WorkerError>;

  /**
   * Starts the entry file `name` beside `entry` with exactly these permissions.
   * @throws if the runtime refuses one of them.
   */
  constructor(
    readonly name: CompartmentName,
    options: { readonly entry: string; readonly permissions: Permissions },
  ) {
    const { entry, permissions } = options;
    // Source files end in .ts, bundles in .js: a thread's file ends as its starter's does.
    const url = new URL(`./${name}${entry.slice(entry.lastIndexOf("."))}`, entry);
    const worker = new Worker(url, { type: "module", name, deno: { permissions } });
    const { promise, resolve } = Promise.withResolvers<WorkerError>();
    this.died = promise;
    const fail = (why: string) =>
      resolve(new WorkerError("internal", `The ${name} compartment failed: ${why}`));
    // Without preventDefault an error in the thread ends the process on the spot.
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message);
    };
    const control = new MessageChannel();
    const alarm = new MessageChannel();
    alarm.port1.onmessage = ({ data }) => fail(String(data));
    const beginning: Beginning = { control: control.port2, alarm: alarm.port2 };
    worker.postMessage(beginning, [control.port2, alarm.port2]);
    this.control = control.port1;
  }
}
