// What a thread of the probe build does beside its own work: makes every attempt and prints what came
// of each as one line, or fails when told to.
import { ATTEMPTS } from "./attempts.ts";
import { crashWhenTold } from "./crash.ts";
import { smuggle } from "./smuggle.ts";
import { OWN_PLACES, readOrders, type Targets } from "./targets.ts";

/** `let` for an attempt that nothing stopped; else the name and text of the refusal. */
export type ProbeReport = {
  readonly probe: string;
  readonly attempts: Readonly<Record<string, string>>;
};

/** What came of an attempt that nothing stopped. */
export const LET = "let";

/** Does in this thread what the probe build was told to do. */
export async function obey(name: string): Promise<void> {
  const orders = readOrders();
  switch (orders.type) {
    case "probe":
      return await probe(name, orders.targets);
    case "crash":
      return await crashWhenTold(orders.crash, name);
    case "smuggle":
      return smuggle(orders.smuggling, name);
  }
}

async function probe(name: string, targets: Targets): Promise<void> {
  const attempts: Record<string, string> = {};
  for (const [what, { run }] of Object.entries(ATTEMPTS)) {
    attempts[what] = await outcomeOf(() => run(targets));
  }
  for (const [what, run] of ownActions(targets)) attempts[what] = await outcomeOf(run);
  const report: ProbeReport = { probe: name, attempts };
  // A worker does not use its stdout.
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(report)}\n`));
}

/** What some compartment may do, and the others may not. */
function ownActions({ own, provider }: Targets): [string, () => unknown][] {
  const files = OWN_PLACES.flatMap((place): [string, () => unknown][] => [
    [`read ${place}`, () => [...Deno.readDirSync(own[place])]],
    [
      `write ${place}`,
      () => Deno.removeSync(written(`${own[place]}/probe-${crypto.randomUUID()}`)),
    ],
  ]);
  return [...files, ["fetch the provider", () => fetch(provider).then((got) => got.text())]];
}

function written(path: string): string {
  Deno.writeTextFileSync(path, "x");
  return path;
}

async function outcomeOf(run: () => unknown): Promise<string> {
  try {
    await run();
    return LET;
  } catch (thrown) {
    return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  }
}
