// Makes a narrowed thread and sends it what it begins with.
import type { CompartmentName } from "../grants/project.ts";
import type { Beginning } from "./compartment.ts";

export type LaunchOptions = {
  /** `import.meta.url` of an entry file; the others lie beside it. */
  readonly entry: string;
  /** Exactly what the thread may do. */
  readonly permissions: Deno.PermissionOptionsObject;
};

/** @throws if the runtime refuses a permission. */
export function launch(
  name: CompartmentName,
  { beginning, fail }: {
    readonly beginning: Beginning;
    readonly fail: (why: string) => void;
  },
  { entry, permissions }: LaunchOptions,
): void {
  // Source files end in .ts, bundles in .js: a thread's file ends as its starter's does.
  const url = new URL(`./${name}${entry.slice(entry.lastIndexOf("."))}`, entry);
  const worker = new Worker(url, { type: "module", name, deno: { permissions } });
  // Without preventDefault an error in the thread ends the process on the spot.
  worker.onerror = (event) => {
    event.preventDefault();
    fail(event.message);
  };
  worker.postMessage(beginning, portsOf(beginning));
}

function portsOf({ control, alarm, hands }: Beginning): MessagePort[] {
  return [control, alarm, ...(hands ? portsOf(hands.beginning) : [])];
}
