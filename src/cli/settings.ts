// What a run is set to: the flags, and under them what the configuration file says. Pure.
import type { ApproveRule } from "./approver.ts";
import type { ConfigValues } from "./config_values.ts";
import type { SpecFlags } from "./run_spec.ts";

export type Settings = SpecFlags & { readonly approve?: ApproveRule | undefined };

/**
 * Each flag takes the place of the file's value, but for `--read` and `--write`, which add to it.
 * A spec given with `--spec` is whole: the file's settings are not laid under it.
 */
export function withConfig<Flags extends Settings>(
  flags: Flags,
  values: ConfigValues | undefined,
): Flags & Settings {
  if (values === undefined || flags.spec !== undefined) return flags;
  const { model, ...others } = settingsIn(values);
  const isModel = !flags.echo && flags.script === undefined;
  return {
    ...others,
    ...(isModel && { model }),
    ...flags,
    host: flags.host && flags.host.length > 0 ? flags.host : values.hosts,
    read: [...values.read ?? [], ...flags.read],
    write: [...values.write ?? [], ...flags.write],
  };
}

/** The file's values under the flags' names, but for its lists. */
export function settingsIn(
  { limits = {}, budget = {}, ...values }: ConfigValues,
): Omit<Settings, "read" | "write" | "echo"> {
  return {
    model: values.model,
    maxRounds: limits.max_rounds,
    timeout: limits.run_timeout_secs,
    context: limits.context_tokens,
    maxOutput: limits.output_tokens,
    maxTokens: budget.total_tokens,
    maxCost: budget.cost_usd,
    maxToolCalls: budget.tool_calls,
    maxSeconds: budget.wall_secs,
    prices: values.prices,
    ask: values.ask,
    approve: values.approve,
    require: values.require,
    commands: values.commands,
    skills: values.skills,
  };
}
