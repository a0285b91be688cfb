// The gateway thread's first act: it makes the hands thread and gives up the folders that took.
// Nothing else is loaded before that, and no key is here yet.
import { beginCompartment } from "./compartment.ts";
import { launch } from "./launch.ts";

/**
 * `entry` is `import.meta.url` of the thread's entry file. Resolves when the thread holds no more
 * than the gateway may.
 */
export function runGateway(entry: string): Promise<void> {
  const narrowed = Promise.withResolvers<void>();
  beginCompartment(async (compartment) => {
    const { hands, fail } = compartment;
    if (!hands) throw new TypeError("Expected the hands thread to be told");
    const { permissions, beginning } = hands;
    launch("hands", { beginning, fail }, { entry, permissions });
    for (const name of ["read", "write"] as const) Deno.permissions.revokeSync({ name });
    narrowed.resolve();
    const { serveGateway } = await import("./gateway.ts");
    serveGateway(compartment, permissions.read ? permissions.read[0] ?? "/" : "/");
  });
  return narrowed.promise;
}
