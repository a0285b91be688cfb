// Every setting of a run with its value and where that comes from; never a key. Pure.
import { MAX_ROUNDS } from "../grants/derive.ts";
import { oneLine } from "../host/printable.ts";
import type { Config } from "./config_text.ts";
import { DEFAULT_MODELS } from "./default_models.ts";
import { defaultOwner } from "./engine.ts";
import { type CliEnvironment, KEY_OWNERS, KEY_VARIABLES } from "./environment.ts";
import { usualLevel } from "./run_spec.ts";
import { type Settings, settingsIn } from "./settings.ts";

export type Source =
  | { readonly type: "flag" }
  | { readonly type: "env"; readonly name: string }
  | { readonly type: "file"; readonly path: string; readonly line: number }
  | { readonly type: "built_in" };

/** null is none: no limit, say. */
export type Value = string | number | boolean | null;

export type ConfigRow = {
  /** As the file names it; a list has a row for each of its entries. */
  readonly key: string;
  readonly value: Value;
  readonly from: Source;
};

export type ConfigFacts = {
  /** As given, without the configuration. */
  readonly flags: Settings;
  readonly config: Config | undefined;
  readonly keys: CliEnvironment["keys"];
  /** As Deno.build names it. */
  readonly os: string;
};

export function configRows(facts: ConfigFacts): readonly ConfigRow[] {
  const model = scalarRow("model", { of: (settings) => settings.model, usual: usualModel }, facts);
  return [
    model,
    ...providerRows(facts, String(model.value).split(":")[0] ?? ""),
    ...Object.entries(SCALARS).map(([key, scalar]) => scalarRow(key, scalar, facts)),
    ...priceRows(facts),
    ...listRows("read", facts, facts.flags.read),
    ...listRows("write", facts, facts.flags.write),
    ...hostRows(facts),
  ];
}

/** A table with a heading, for people; each line ends with a newline. */
export function configTable(rows: readonly ConfigRow[]): string {
  const cells = rows.map(({ key, value, from }) => [
    oneLine(key),
    value === null ? "-" : oneLine(String(value)),
    oneLine(sourceText(from)),
  ]);
  const all = [["KEY", "VALUE", "FROM"], ...cells];
  const width = (column: number) => Math.max(...all.map((row) => row[column]?.length ?? 0));
  const widths = [width(0), Math.min(width(1), 60), 0];
  return all.map((row) =>
    `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()}\n`
  ).join("");
}

function sourceText(from: Source): string {
  switch (from.type) {
    case "flag":
      return "flag";
    case "env":
      return `env ${from.name}`;
    case "file":
      return `${from.path}:${from.line}`;
    case "built_in":
      return "built in";
  }
}

type Scalar = {
  readonly of: (settings: Omit<Settings, "read" | "write" | "echo">) => Value | undefined;
  readonly usual?: (facts: ConfigFacts) => Value;
};

const SCALARS: Readonly<Record<string, Scalar>> = {
  "limits.max_rounds": { of: ({ maxRounds }) => maxRounds, usual: () => MAX_ROUNDS },
  "limits.run_timeout_secs": { of: ({ timeout }) => timeout },
  "limits.context_tokens": { of: ({ context }) => context },
  "limits.output_tokens": { of: ({ maxOutput }) => maxOutput },
  "budget.total_tokens": { of: ({ maxTokens }) => maxTokens },
  "budget.cost_usd": { of: ({ maxCost }) => maxCost },
  "budget.tool_calls": { of: ({ maxToolCalls }) => maxToolCalls },
  "budget.wall_secs": { of: ({ maxSeconds }) => maxSeconds },
  "ask": { of: ({ ask }) => ask, usual: () => false },
  "approve": { of: ({ approve }) => approve },
  "require": { of: ({ require }) => require, usual: ({ os }) => usualLevel(os) ?? "deno" },
  "skills": { of: ({ skills }) => skills },
  "commands": { of: ({ commands }) => commands, usual: () => "on" },
};

function scalarRow(key: string, { of, usual }: Scalar, facts: ConfigFacts): ConfigRow {
  const { flags, config } = facts;
  const flag = of(flags);
  if (flag !== undefined) return { key, value: flag, from: { type: "flag" } };
  const value = config && of(settingsIn(config.values));
  if (value !== undefined) return { key, value, from: lineOf(config, key.split(".")) };
  return { key, value: usual?.(facts) ?? null, from: { type: "built_in" } };
}

/** None is the demo. */
function usualModel({ keys, config }: ConfigFacts): string | null {
  const owner = defaultOwner({ keys, providers: config?.values.providers });
  return owner === undefined ? null : `${owner}:${DEFAULT_MODELS[owner]}`;
}

/** `used` is the provider of the model, for which an address may be given by a flag. */
function providerRows({ flags, config, keys }: ConfigFacts, used: string): readonly ConfigRow[] {
  const rows: ConfigRow[] = [];
  for (const [name, provider] of Object.entries(config?.values.providers ?? {})) {
    for (const [field, value = null] of Object.entries(provider)) {
      const isOverridden = field === "base_url" && name === used && flags.baseUrl !== undefined;
      const path = ["providers", name, field];
      if (!isOverridden) rows.push({ key: path.join("."), value, from: lineOf(config, path) });
    }
  }
  if (flags.baseUrl !== undefined) {
    const key = `providers.${used}.base_url`;
    rows.push({ key, value: flags.baseUrl, from: { type: "flag" } });
  }
  for (const owner of KEY_OWNERS) {
    if (keys[owner] === undefined) continue;
    const from: Source = { type: "env", name: KEY_VARIABLES[owner] };
    rows.push({ key: `providers.${owner}.key`, value: "set", from });
  }
  return rows;
}

function priceRows({ config }: ConfigFacts): readonly ConfigRow[] {
  return Object.entries(config?.values.prices ?? {}).flatMap(([model, price]) =>
    Object.entries(price).map(([name, value = null]) => {
      const path = ["prices", model, name];
      return { key: path.join("."), value, from: lineOf(config, path) };
    })
  );
}

function listRows(
  key: "read" | "write" | "hosts",
  { config }: Pick<ConfigFacts, "config">,
  flags: readonly string[],
): readonly ConfigRow[] {
  const rows: ConfigRow[] = [
    ...(config?.values[key] ?? []).map((value, index) => ({
      key,
      value,
      from: lineOf(config, [key, index]),
    })),
    ...flags.map((value) => ({ key, value, from: { type: "flag" } as const })),
  ];
  return rows.length > 0 ? rows : [{ key, value: null, from: { type: "built_in" } }];
}

/** Hosts of flags take the place of the file's. */
function hostRows({ flags: { host = [] }, config }: ConfigFacts): readonly ConfigRow[] {
  return listRows("hosts", { config: host.length > 0 ? undefined : config }, host);
}

function lineOf(config: Config | undefined, path: readonly PropertyKey[]): Source {
  if (config === undefined) return { type: "built_in" };
  return { type: "file", path: config.path, line: config.lineOf(path) };
}
