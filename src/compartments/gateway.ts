// The gateway thread: the only one with keys and a network. Serves routes to the agent.
import type { LiveRoute } from "../gateway/live_route.ts";
import { systemClock } from "../base/clock.ts";
import { forward } from "../gateway/gateway.ts";
import { type Compartment, mustBeRefused } from "./compartment.ts";
import { Port } from "./port.ts";
import { silent } from "./common_port.ts";
import { gatewayControl, gatewayForAgent } from "./gateway_port.ts";

/** `folder` is one that this thread was made with and must have given up. */
export function serveGateway({ control, fail }: Compartment, folder: string): void {
  new Port(control, {
    local: gatewayControl,
    remote: silent,
    onViolation: fail,
    handlers: {
      calls: {
        ready() {
          mustBeRefused(() => Deno.readDirSync(folder).next());
          return { refused: [`list ${folder}`] };
        },
        ping: () => {},
        start: ({ routes, agent }) => serveRoutes(routes, agent, fail),
      },
      notices: {},
    },
  });
}

function serveRoutes(
  routes: readonly LiveRoute[],
  agent: MessagePort,
  fail: (reason: Error) => void,
): void {
  const table = new Map(routes.map((route) => [route.id, route]));
  new Port(agent, {
    local: gatewayForAgent,
    remote: silent,
    onViolation: fail,
    handlers: {
      calls: {
        async fetch(request, { signal, transfer }) {
          const response = await forward(request, table, { fetch, signal, clock: systemClock });
          if (response.body) transfer.push(response.body);
          return response;
        },
      },
      notices: {},
    },
  });
}
