// The compartments as the warden sees them: narrowed Web Workers and their control ports.
import { WorkerError } from "../core/errors.ts";
import type { Grants } from "../grants/grants.ts";
import { type CompartmentName, denoPermissions, type Permissions } from "../grants/project.ts";
import type { Beginning } from "./compartment.ts";

export type ThreadOptions = {
  /** `import.meta.url` of the program's entry file; the threads' files lie beside it. */
  readonly entry: string;
  readonly permissions: Permissions;
  /** The provider whose SDK to load at once. */
  readonly protocol?: string | undefined;
};

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
    options: ThreadOptions,
  ) {
    const { entry, permissions, protocol } = options;
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
    const beginning: Beginning = { control: control.port2, alarm: alarm.port2, protocol };
    worker.postMessage(beginning, [control.port2, alarm.port2]);
    this.control = control.port1;
  }
}

export type Threads = Readonly<Record<CompartmentName, Thread>>;

/** Each start blocks for some 20 ms; what has most to load comes first and loads meanwhile. */
export function startThreads(
  { entry, grants, protocol }: {
    readonly entry: string;
    readonly grants: Grants;
    readonly protocol: string;
  },
): Threads {
  const permissions = denoPermissions(grants);
  return {
    agent: new Thread("agent", { entry, permissions: permissions.agent, protocol }),
    hands: new Thread("hands", { entry, permissions: permissions.hands }),
    gateway: new Thread("gateway", { entry, permissions: permissions.gateway }),
  };
}
