// The web for a thread without network: each address goes to the gateway, which judges it.
import { systemClock } from "../base/clock.ts";
import { RememberedSearches } from "../tools/remembered_searches.ts";
import type { Web } from "../tools/web.ts";
import type { silent } from "./common_port.ts";
import type { gatewayForAgent } from "./gateway_port.ts";
import type { Port } from "./port.ts";
import { untilAbort } from "./route_fetch.ts";

/** It remembers searches, so there is to be one for each worker. */
export function gatewayWeb(port: Port<typeof silent, typeof gatewayForAgent>): Web {
  return new RememberedSearches({
    async get(url, { headers = {}, signal }) {
      const request = { url, headers: Object.entries(headers) };
      const answer = await port.call("web", request, { signal });
      return {
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: answer.body ? untilAbort(answer.body, signal) : undefined,
      };
    },
  }, systemClock);
}
