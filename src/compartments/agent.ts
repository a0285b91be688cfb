// The agent thread: the loop and the provider's SDK, with nothing worth stealing in reach.
import { SteeringQueue } from "../agent/steering.ts";
import { WorkerError } from "../core/errors.ts";
import { loadProvider } from "../providers/create.ts";
import { endProcess, mustBeRefused, onControlPort } from "./compartment.ts";
import { Mind } from "./mind.ts";
import { Port } from "./port.ts";
import { agentControl, wardenForAgent } from "./agent_port.ts";

export function runAgent(): void {
  const steering = new Map<number, SteeringQueue>();
  let mind: Mind | undefined;
  onControlPort((control) => {
    const warden = new Port(control, {
      local: agentControl,
      remote: wardenForAgent,
      onViolation: endProcess,
      handlers: {
        calls: {
          ready: () => ({ refused: mustBeRefused(() => Deno.readTextFileSync("/etc/hostname")) }),
          ping: () => {},
          start(part) {
            mind = new Mind(part, warden);
          },
          async run(run, { signal }) {
            if (!mind) throw new WorkerError("internal", "Run before start");
            const queue = new SteeringQueue();
            steering.set(run.runId, queue);
            try {
              return await mind.run(run, queue, signal);
            } finally {
              steering.delete(run.runId);
            }
          },
        },
        notices: {
          load: ({ protocol }) => loadProvider(protocol),
          steer: ({ runId, text }) => steering.get(runId)?.push(text),
        },
      },
    });
  });
}
