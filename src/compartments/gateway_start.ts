// The gateway thread's first act: it makes the hands thread and gives up what that took.
// Nothing else is loaded before that, and no key is here yet.
import { VARIANT } from "../sandbox/variant.ts";
import { beginCompartment } from "./compartment.ts";
import { launch } from "./launch.ts";

/** What only making the hands thread took. */
const REVOKED = ["read", "write", "run", "ffi"] as const;

/**
 * `entry` is `import.meta.url` of the thread's entry file. Resolves when the thread holds no more
 * than the gateway may.
 */
export function runGateway(entry: string): Promise<void> {
  const narrowed = Promise.withResolvers<void>();
  beginCompartment(async (compartment) => {
    const { hands, fail, forbidden } = compartment;
    if (!hands || !forbidden) throw new TypeError("Expected the hands thread to be told");
    const { permissions, beginning } = hands;
    launch("hands", { beginning, fail }, { entry, permissions });
    if (VARIANT !== "kernel-only") {
      for (const name of REVOKED) Deno.permissions.revokeSync({ name });
    }
    narrowed.resolve();
    const { serveGateway } = await import("./gateway.ts");
    serveGateway(compartment, forbidden);
  });
  return narrowed.promise;
}
