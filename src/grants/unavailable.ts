// What a spec may ask for and this build cannot enforce: refused by name, never ignored.
import type { ProvisionSpec } from "../protocol/spec.ts";
import { isAtLeast, type Level } from "./level.ts";

/** One line for each thing that cannot be had, naming its field; empty when all can. */
export function unavailable(
  { capabilities }: Pick<ProvisionSpec, "capabilities">,
  machine: { readonly level: Level; readonly missing: readonly string[] },
): string[] {
  const { sandbox = {}, budget, permission_mode: mode } = capabilities;
  const refusals: string[] = [];
  const { require = "deno", commands, command_hosts: commandHosts = [] } = sandbox;
  if (!isAtLeast(machine.level, require)) {
    const why = machine.missing.join("; ");
    refusals.push(
      `capabilities.sandbox.require: level "${require}" is not to be had, this machine reaches "${machine.level}" (${why})`,
    );
  }
  if (commands === "unconfined") {
    refusals.push(`capabilities.sandbox.commands: "unconfined" is not available in this version`);
  }
  if (commandHosts.length > 0) {
    refusals.push(`capabilities.sandbox.command_hosts: needs level "namespace"`);
  }
  if (budget !== undefined && Object.values(budget).some((limit) => limit !== undefined)) {
    refusals.push("capabilities.budget: budgets are not enforced by this version");
  }
  if (mode !== undefined && mode !== "default") {
    refusals.push(`capabilities.permission_mode: "${mode}" is not available in this version`);
  }
  return refusals;
}
