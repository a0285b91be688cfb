// The compartments as the warden sees them: narrowed Web Workers and their control ports.
import { WorkerError } from "../core/errors.ts";
import type { Domains } from "../grants/domain.ts";
import type { Grants } from "../grants/grants.ts";
import { type CompartmentName, startPermissions } from "../grants/project.ts";
import { VARIANT } from "../sandbox/variant.ts";
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

  constructor(name: CompartmentName, more: Omit<Beginning, "control" | "alarm">) {
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
  /** Path of our own program. */
  readonly program: string;
  /** Undefined where no kernel layer is in force. */
  readonly domains: Domains | undefined;
};

/**
 * Making a thread blocks its maker for some 20 ms, so two make them: the gateway makes hands while
 * the warden makes the agent.
 * @throws if the runtime refuses a permission.
 */
export function startThreads({ entry, grants, program, domains }: ThreadsOptions): Threads {
  const permissions = permissionsFor(grants, program);
  const hands = new Thread("hands", { domain: domains?.hands });
  const gateway = new Thread("gateway", {
    hands: { permissions: permissions.hands, beginning: hands.beginning },
    forbidden: VARIANT === "kernel-only" ? "/" : grants.places.workspace,
  });
  const agent = new Thread("agent", { domain: domains?.agent });
  launch("gateway", gateway, { entry, permissions: permissions.gateway });
  launch("agent", agent, { entry, permissions: permissions.agent });
  return { agent, hands, gateway };
}

function permissionsFor(
  grants: Grants,
  program: string,
): Record<CompartmentName, Deno.PermissionOptionsObject> {
  if (VARIANT !== "kernel-only") return startPermissions(grants, program);
  const everything = { net: true, read: true, write: true, run: true, ffi: true } as const;
  return { gateway: everything, agent: everything, hands: everything };
}
