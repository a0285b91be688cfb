// `sheath explain`: what a spec would be granted on this machine; makes and starts nothing.
import { judge } from "../compartments/boot.ts";
import { WorkerError } from "../core/errors.ts";
import { explain, explanationText } from "../grants/explain.ts";
import { refusedTools } from "../grants/refused_tools.ts";
import { printable } from "../host/printable.ts";
import { decodeSpec, type ProvisionSpec } from "../protocol/spec.ts";
import { lookAtKernel } from "../sandbox/kernel.ts";
import { builtinTools } from "../tools/builtin.ts";
import { toolSchemas } from "../tools/schemas.ts";
import { readConfig } from "./config_place.ts";
import { type CliEnvironment, NO_KEY, readCliEnvironment } from "./environment.ts";
import { printLine, printResult } from "./print.ts";
import { planRun, readText } from "./run_plan.ts";
import { type SpecFlags, withKey } from "./run_spec.ts";
import { withConfig } from "./settings.ts";

export type ExplainFlags = SpecFlags & { readonly json: boolean };

/** Stands for the name each run gets anew. */
const SOME_ID = "run-00000000";

/**
 * `path` is a spec's file or `-`; without one it is the spec that `sheath run` would use.
 * @throws WorkerError: `refused` with what this machine refuses, `bad_input` for a bad spec.
 */
export async function explainSpec(path: string | undefined, flags: ExplainFlags): Promise<number> {
  const environment = readCliEnvironment();
  const spec = path === undefined
    ? await specOfRun(flags, environment)
    : decodeSpec(await readText(path));
  const { grants } = judge(spec, { environment, kernel: lookAtKernel() });
  const hidden = [...grants.disabledTools, ...Object.keys(refusedTools(grants))];
  const offered = toolSchemas(hidden).map((tool) => tool.function.name);
  const disabled = builtinTools.map(({ name }) => name).filter((name) => !offered.includes(name));
  const explanation = explain({
    spec,
    grants,
    program: Deno.execPath(),
    tools: { offered, disabled },
  });
  const text = flags.json
    ? `${JSON.stringify(explanation, undefined, 2)}\n`
    : explanationText(explanation);
  printResult(Deno.stdout.isTerminal() ? printable(text) : text);
  return 0;
}

async function specOfRun(flags: SpecFlags, environment: CliEnvironment): Promise<ProvisionSpec> {
  const { tmp } = environment;
  const fallbackState = `${tmp}/sheath-state`;
  const config = await readConfig(flags, environment);
  const { spec, engine } = await planRun(withConfig(flags, config?.values), {
    environment,
    config,
    id: SOME_ID,
    fallbackState,
  });
  if (engine.type === "demo") {
    printLine(
      `sheath: ${NO_KEY}, so \`sheath run\` would play the demo, in a new folder ` +
        `under ${tmp}; it is shown here with the storage's own work folder`,
    );
  }
  // The command that tells the key is not run for this.
  return engine.type === "model" && engine.needsKey ? withKey(spec, "some key") : spec;
}

/** A spec on its own is explained as it is: flags belong to the one `sheath run` makes. */
export function refuseFlags(path: string, given: readonly string[]): void {
  if (given.length === 0) return;
  throw new WorkerError("bad_input", `${given[0]} does not go with SPEC ("${path}")`);
}
