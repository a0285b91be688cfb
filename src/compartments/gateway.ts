// The gateway thread: the only one with keys and a network. Serves routes to the agent.
import type { LiveRoute } from "../gateway/live_route.ts";
import { systemClock } from "../base/clock.ts";
import { EgressLog } from "../gateway/egress_log.ts";
import { forward } from "../gateway/gateway.ts";
import { Meter, type MeterOptions } from "../gateway/meter.ts";
import { netPermission } from "../grants/route.ts";
import type { WebGrant } from "../grants/web_grant.ts";
import { type CallLimit, takeCall } from "./call_budget.ts";
import { type Compartment, mustBeRefused } from "./compartment.ts";
import { Port } from "./port.ts";
import { silent } from "./common_port.ts";
import { gatewayControl, gatewayForAgent, wardenForGateway } from "./gateway_port.ts";
import { webNet } from "./web_net.ts";

/** `folder` is one that this thread was made with and must have given up. */
export function serveGateway({ control, fail }: Compartment, folder: string): void {
  const egress = new EgressLog((it) => warden.notify("egress", it));
  const warden: Port<typeof gatewayControl, typeof wardenForGateway> = new Port(control, {
    local: gatewayControl,
    remote: wardenForGateway,
    onViolation: fail,
    handlers: {
      calls: {
        ready() {
          mustBeRefused(() => Deno.readDirSync(folder).next());
          return { refused: [`list ${folder}`] };
        },
        ping: () => {},
        start: ({ agent, ...part }) => serveRoutes(part, agent, { egress, fail }),
        settle: () => egress[Symbol.dispose](),
      },
      notices: {},
    },
  });
}

function serveRoutes(
  { routes, web, budget, toolCalls }: {
    readonly routes: readonly LiveRoute[];
    readonly web: WebGrant;
    readonly budget?: MeterOptions | undefined;
    readonly toolCalls?: CallLimit | undefined;
  },
  agent: MessagePort,
  { egress, fail }: { readonly egress: EgressLog; readonly fail: (reason: Error) => void },
): void {
  const table = new Map(routes.map((route) => [route.id, route]));
  const meter = budget && new Meter(budget);
  const rules = { grant: web, taken: routes.map(netPermission) };
  new Port(agent, {
    local: gatewayForAgent,
    remote: silent,
    onViolation: fail,
    handlers: {
      calls: {
        async fetch(request, { signal, transfer }) {
          await egress.room(signal);
          const options = { fetch, signal, clock: systemClock, meter, egress };
          const response = await forward(request, table, options);
          if (response.body) transfer.push(response.body);
          return response;
        },
        async web(request, { signal, transfer }) {
          takeCall(toolCalls);
          await egress.room(signal);
          const { fetchPage } = await import("../gateway/web_fetch.ts");
          const options = { rules, net: webNet, clock: systemClock, signal, egress };
          const response = await fetchPage(request, options);
          if (response.body) transfer.push(response.body);
          return response;
        },
      },
      notices: {},
    },
  });
}
