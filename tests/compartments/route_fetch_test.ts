import { strict as assert } from "node:assert";
import { silent } from "../../src/compartments/common_port.ts";
import { gatewayForAgent } from "../../src/compartments/gateway_port.ts";
import { Port } from "../../src/compartments/port.ts";
import { routeAddress, routeFetch } from "../../src/compartments/route_fetch.ts";
import { WorkerError } from "../../src/core/errors.ts";

/** The answer of `routeFetch` to a gateway that fails so. */
async function failure(thrown: WorkerError): Promise<unknown> {
  const { port1, port2 } = new MessageChannel();
  const onViolation = (error: Error) => {
    throw error;
  };
  using _gateway = new Port(port1, {
    local: gatewayForAgent,
    remote: silent,
    onViolation,
    handlers: {
      calls: {
        fetch() {
          throw thrown;
        },
        web: () => assert.fail("not asked"),
      },
      notices: {},
    },
  });
  using agent = new Port(port2, {
    local: silent,
    remote: gatewayForAgent,
    onViolation,
    handlers: { calls: {}, notices: {} },
  });
  const asked = routeFetch(agent)(`${routeAddress("provider")}/x`, { method: "POST", body: "{}" });
  return await asked.then(() => "answered", (reason: unknown) => reason);
}

Deno.test("routeFetch() rejects with a budget that is used up, and as fetch does with all else", async () => {
  assert.deepEqual(
    await failure(new WorkerError("budget", "Budget reached")),
    new WorkerError("budget", "Budget reached"),
  );
  for (const fault of ["provider", "refused"] as const) {
    assert.deepEqual(await failure(new WorkerError(fault, "no")), new TypeError("no"));
  }
});
