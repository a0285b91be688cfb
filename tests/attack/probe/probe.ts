// Makes every attempt in the thread it is called in, and prints what came of each as one line.
import { ATTEMPTS } from "./attempts.ts";
import { OWN_PLACES, readTargets, type Targets } from "./targets.ts";

/** `let` for an attempt that nothing stopped; else the name and text of the refusal. */
export type ProbeReport = {
  readonly probe: string;
  readonly attempts: Readonly<Record<string, string>>;
};

/** What came of an attempt that nothing stopped. */
export const LET = "let";

export async function probe(name: string): Promise<ProbeReport> {
  const targets = readTargets();
  const attempts: Record<string, string> = {};
  for (const [what, { run }] of Object.entries(ATTEMPTS)) {
    attempts[what] = await outcomeOf(() => run(targets));
  }
  for (const [what, run] of ownActions(targets)) attempts[what] = await outcomeOf(run);
  return { probe: name, attempts };
}

/** Prints it on stdout, which a worker does not use. */
export async function probeAloud(name: string): Promise<void> {
  const report = await probe(name);
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
