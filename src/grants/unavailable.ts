// What a spec may ask for and this build cannot enforce: refused by name, never ignored.
import type { ProvisionSpec } from "../protocol/spec.ts";
import { isAtLeast, type Level } from "./level.ts";

/** One line for each thing that cannot be had, naming its field; empty when all can. */
export function unavailable(
  { capabilities, executor }: Pick<ProvisionSpec, "capabilities" | "executor">,
  machine: { readonly os: string; readonly level: Level; readonly missing: readonly string[] },
): string[] {
  const { sandbox = {} } = capabilities;
  const refusals: string[] = [];
  // Overlaps of folders and protected names are told by Unix paths, and would let others through.
  if (machine.os === "windows" && executor.kind !== "echo") {
    refusals.push(
      `executor.kind: expected echo, agents are not to be had on windows, whose paths the file tools cannot judge; run sheath in a Linux virtual machine`,
    );
  }
  const { require = "deno", command_hosts: commandHosts = [] } = sandbox;
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
