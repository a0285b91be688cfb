// The compartments as the warden sees them: narrowed Web Workers and their control ports.
import { WorkerError } from "../core/errors.ts";
import type { Grants } from "../grants/grants.ts";
import {
  type CompartmentName,
  denoPermissions,
  gatewayStartPermissions,
} from "../grants/project.ts";
import type { Beginning } from "./compartment.ts";
import { launch } from "./launch.ts";

/** A thread lives as long as the process: it is never ended alone, nor started again. */
export class Thread {
  /** The warden's end of the control port. */
  readonly control: MessagePort;
  /** Resolves with the reason when the thread has failed; it never rejects. */
  readonly died: Promise<WorkerError>;
  /** What the thread is to be sent first. */
  readonly beginning: Beginning;
  /** Tells that the thread has failed. */
  readonly fail: (why: string) => void;

  constructor(name: CompartmentName, more: Pick<Beginning, "hands"> = {}) {
    const { promise, resolve } = Promise.withResolvers<WorkerError>();
    this.died = promise;
    this.fail = (why) =>
      resolve(new WorkerError("internal", `The ${name} compartment failed: ${why}`));
    const control = new MessageChannel();
    const alarm = new MessageChannel();
    alarm.port1.onmessage = ({ data }) => this.fail(String(data));
    this.control = control.port1;
    this.beginning = { control: control.port2, alarm: alarm.port2, ...more };
  }
}

export type Threads = Readonly<Record<CompartmentName, Thread>>;

export type ThreadsOptions = {
  /** `import.meta.url` of the program's entry file; the threads' files lie beside it. */
  readonly entry: string;
  readonly grants: Grants;
};

/**
 * Making a thread blocks its maker for some 20 ms, so two make them: the gateway makes hands while
 * the warden makes the agent.
 * @throws if the runtime refuses a permission.
 */
export function startThreads({ entry, grants }: ThreadsOptions): Threads {
  const permissions = denoPermissions(grants);
  const hands = new Thread("hands");
  const gateway = new Thread("gateway", {
    hands: { permissions: permissions.hands, beginning: hands.beginning },
  });
  const agent = new Thread("agent");
  launch("gateway", gateway, { entry, permissions: gatewayStartPermissions(grants) });
  launch("agent", agent, { entry, permissions: permissions.agent });
  return { agent, hands, gateway };
}
