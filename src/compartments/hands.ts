// The hands thread: every tool that touches files, on the tool roots only.
import { systemClock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { findTool } from "../tools/builtin.ts";
import { SessionFiles } from "../tools/session_files.ts";
import { silent } from "./common_port.ts";
import { beginCompartment, mustBeRefused } from "./compartment.ts";
import { Port } from "./port.ts";
import { agentForHands, handsControl, handsForAgent, type RootsPart } from "./hands_port.ts";

export function runHands(): void {
  beginCompartment(({ control, fail }) => {
    new Port(control, {
      local: handsControl,
      remote: silent,
      onViolation: fail,
      handlers: {
        calls: {
          ready: () => ({ refused: mustBeRefused(() => Deno.listen({ port: 0 }).close()) }),
          ping: () => {},
          start: ({ roots, agent }) => void serveTools(roots, agent, fail),
        },
        notices: {},
      },
    });
  });
}

function serveTools(
  roots: RootsPart,
  agent: MessagePort,
  fail: (reason: Error) => void,
): Port<typeof handsForAgent, typeof agentForHands> {
  const sessions = new Map<string, SessionFiles>();
  const port = new Port(agent, {
    local: handsForAgent,
    remote: agentForHands,
    onViolation: fail,
    handlers: {
      calls: {
        perform({ callId, sessionId, tool: name, arguments: args }, { signal }) {
          const tool = findTool(name);
          if (!tool) throw new WorkerError("bad_input", `Tool not found: ${name}`);
          const files = sessions.get(sessionId) ?? new SessionFiles(roots);
          sessions.set(sessionId, files);
          const emit = (text: string) =>
            void port.notify("output", { callId, text }).catch(() => {});
          return tool.perform(args, { roots, files, sessionId, clock: systemClock, emit }, signal);
        },
      },
      notices: { forget: ({ sessionId }) => void sessions.delete(sessionId) },
    },
  });
  return port;
}
