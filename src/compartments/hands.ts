// The hands thread: every tool that touches files or starts programs, on the tool roots only.
import { systemClock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { COMMAND_TOOLS } from "../grants/refused_tools.ts";
import { findHandsTool } from "../tools/hands_tools.ts";
import type { World } from "../tools/world.ts";
import { Bench } from "./bench.ts";
import { takeCall } from "./call_budget.ts";
import { beginCompartment, mustBeRefused } from "./compartment.ts";
import {
  agentForHands,
  handsControl,
  handsForAgent,
  type HandsPart,
  wardenForHands,
} from "./hands_port.ts";
import { lockSelf } from "./lock_self.ts";
import { Port } from "./port.ts";

/** Resolves when the thread is locked into its domain. */
export function runHands(): Promise<void> {
  const locked = Promise.withResolvers<void>();
  let bench: Bench | undefined;
  beginCompartment(({ control, domain, fail }) => {
    const tests = lockSelf(domain);
    locked.resolve();
    const warden = new Port(control, {
      local: handsControl,
      remote: wardenForHands,
      onViolation: fail,
      handlers: {
        calls: {
          ready() {
            mustBeRefused(() => Deno.listen({ port: 0 }).close());
            return { refused: ["listen", ...tests] };
          },
          ping: () => {},
          settle: () => bench?.settle(),
          start(part) {
            bench = new Bench(part, {
              onKeeper: () => void warden.notify("keeper", null).catch(fail),
              fail,
            });
            void serveTools(part, bench, fail);
          },
        },
        notices: { limit: ({ why }) => bench?.endAll(why) },
      },
    });
  });
  return locked.promise;
}

function serveTools(
  { agent, toolCalls }: HandsPart,
  bench: Bench,
  fail: (reason: Error) => void,
): Port<typeof handsForAgent, typeof agentForHands> {
  const port = new Port(agent, {
    local: handsForAgent,
    remote: agentForHands,
    onViolation: fail,
    handlers: {
      calls: {
        async perform({ callId, sessionId, tool: name, arguments: args }, { signal }) {
          const tool = findHandsTool(name);
          if (!tool) throw new WorkerError("bad_input", `Tool not found: ${name}`);
          takeCall(toolCalls);
          const emit = (text: string) =>
            void port.notify("output", { callId, text }).catch(() => {});
          const hasPrograms = COMMAND_TOOLS.includes(tool.name);
          const own = await bench.worldOf(sessionId, { hasPrograms });
          const world: World = { ...own, sessionId, clock: systemClock, emit };
          return await tool.perform(args, world, signal);
        },
        guide: ({ sessionId, paths }, { signal }) => bench.guide(sessionId, paths, signal),
        skills: ({ sessionId }, { signal }) => bench.skills(sessionId, signal),
        forget: ({ sessionId }) => bench.forget(sessionId),
      },
      notices: {},
    },
  });
  return port;
}
