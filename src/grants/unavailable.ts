// What a spec may ask for and this build cannot enforce: refused by name, never ignored.
import type { ProvisionSpec } from "../protocol/spec.ts";
import { isAtLeast, type Level } from "./level.ts";

/** One line for each thing that cannot be had, naming its field; empty when all can. */
export function unavailable(
  { capabilities }: Pick<ProvisionSpec, "capabilities">,
  machine: { readonly os: string; readonly level: Level; readonly missing: readonly string[] },
): string[] {
  const { sandbox = {} } = capabilities;
  const refusals: string[] = [];
  const { require = "deno", command_hosts: commandHosts = [], commands } = sandbox;
  if (machine.os === "windows" && commands === "unconfined") {
    refusals.push(
      `capabilities.sandbox.commands: "unconfined" is not to be had on windows, where sheath starts no programs`,
    );
  }
  if (!isAtLeast(machine.level, require)) {
    const why = machine.missing.join("; ");
    refusals.push(
      `capabilities.sandbox.require: level "${require}" is not to be had, this machine reaches "${machine.level}" (${why}); sheath run --require ${machine.level} takes less`,
    );
  }
  if (commandHosts.length > 0) {
    refusals.push(`capabilities.sandbox.command_hosts: needs level "namespace"`);
  }
  return refusals;
}
