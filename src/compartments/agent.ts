// The agent thread: the loop and the provider's SDK, with nothing worth stealing in reach.
import { SteeringQueue } from "../agent/steering.ts";
import { WorkerError } from "../core/errors.ts";
import { loadProvider } from "../providers/create.ts";
import { beginCompartment, mustBeRefused } from "./compartment.ts";
import { lockSelf } from "./lock_self.ts";
import { Mind } from "./mind.ts";
import { Port } from "./port.ts";
import { agentControl, wardenForAgent } from "./agent_port.ts";

type Running = { readonly steering: SteeringQueue; readonly stop: AbortController };

/** Resolves when the thread is locked into its domain. */
export function runAgent(): Promise<void> {
  const locked = Promise.withResolvers<void>();
  const running = new Map<number, Running>();
  let mind: Mind | undefined;
  beginCompartment(({ control, domain, fail }) => {
    const tests = lockSelf(domain);
    locked.resolve();
    const warden = new Port(control, {
      local: agentControl,
      remote: wardenForAgent,
      onViolation: fail,
      handlers: {
        calls: {
          ready() {
            mustBeRefused(() => Deno.readTextFileSync("/etc/hostname"));
            return { refused: ["read /etc/hostname", ...tests] };
          },
          ping: () => {},
          start(part) {
            mind = new Mind(part, { warden, fail });
            loadProvider(part.provider.protocol).catch(fail);
          },
          async run(run) {
            if (!mind) throw new WorkerError("internal", "Run before start");
            const { steering, stop } = open(running, run.runId);
            try {
              return await mind.run(run, steering, stop.signal);
            } finally {
              running.delete(run.runId);
            }
          },
        },
        notices: {
          steer({ runId, text }) {
            const run = running.get(runId);
            if (run) run.steering.push(text);
            else mind?.steerLate(runId, text);
          },
          drop: () => mind?.drop(),
          cancel: ({ runId }) => running.get(runId)?.stop.abort(cancelled()),
        },
      },
    });
  });
  return locked.promise;
}

function open(running: Map<number, Running>, runId: number): Running {
  const run = { steering: new SteeringQueue(), stop: new AbortController() };
  running.set(runId, run);
  return run;
}

function cancelled(): WorkerError {
  return new WorkerError("cancelled", "Cancelled by the host");
}
