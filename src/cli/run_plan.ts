// What `sheath run` is about to do: flags, files and variables read, and the spec made of them.
import { messageOf, WorkerError } from "../core/errors.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import { chooseEngine, type Engine } from "./engine.ts";
import { keepConfigOut } from "./config_guard.ts";
import { usualConfig } from "./config_place.ts";
import type { Config } from "./config_text.ts";
import type { CliEnvironment } from "./environment.ts";
import { defaultFabric, defaultRuns, usualSkills } from "./folders.ts";
import { type SpecFlags, specFor } from "./run_spec.ts";

export type Plan = { readonly spec: ProvisionSpec; readonly engine: Engine };

export type PlanOptions = {
  readonly environment: CliEnvironment;
  /** Says where providers are; what else it says stands in the flags. */
  readonly config?: Config | undefined;
  /** Agent id, where the spec does not give one. */
  readonly id: string;
  /** Where state lies when no variable says. */
  readonly fallbackState: string;
  /** Makes the demo's folder; undefined leaves it to the worker. */
  readonly makeDemoFolder?: () => string;
};

/**
 * A key that a command tells is still missing in the spec: `engine.needsKey`.
 * @throws WorkerError `bad_input` with the flag, file or variable that is wrong.
 */
export async function planRun(flags: SpecFlags, options: PlanOptions): Promise<Plan> {
  const { environment, id, config } = options;
  const base = flags.spec === undefined ? undefined : await readBase(flags.spec);
  const script = flags.script === undefined ? undefined : await readScript(flags.script);
  const engine = chooseEngine({
    model: flags.model,
    baseUrl: flags.baseUrl,
    echo: flags.echo,
    script,
    hasWorkspace: flags.workspace !== undefined,
    base,
    keys: environment.keys,
    providers: config?.values.providers,
  });
  const state = environment.stateHome ?? options.fallbackState;
  const spec = specFor(flags, {
    engine,
    base,
    os: Deno.build.os,
    cwd: Deno.cwd(),
    id,
    fabricDir: defaultFabric(environment, state),
    runsDir: defaultRuns(state),
    defaultSkills: usualSkills(environment),
    demoFolder: engine.type === "demo" ? options.makeDemoFolder?.() : undefined,
  });
  const files = [config?.path, usualConfig(environment)];
  keepConfigOut(spec, files.filter((path) => path !== undefined));
  return { spec, engine };
}

/** The text of a file, or of stdin for `-`. */
export async function readText(path: string): Promise<string> {
  try {
    return path === "-"
      ? await new Response(Deno.stdin.readable).text()
      : await Deno.readTextFile(path);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound ? "no such file" : messageOf(cause);
    throw new WorkerError("bad_input", `Cannot read "${path}": ${why}`, { cause });
  }
}

/** The wire's schemas are loaded only when they are needed. */
async function readBase(path: string): Promise<ProvisionSpec> {
  const text = await readText(path);
  const { decodeSpec } = await import("../protocol/spec.ts");
  try {
    return decodeSpec(text);
  } catch (cause) {
    throw new WorkerError("bad_input", `--spec: ${messageOf(cause)}`, { cause });
  }
}

/** The YAML library is loaded only when it is needed. */
async function readScript(path: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readText(path);
  const { parseScriptFile } = await import("./script_file.ts");
  return parseScriptFile(text, path);
}
