// Calls tools in a runtime of its own, with permissions a test cannot set for itself.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Roots } from "../../src/tools/roots.ts";

const PROBE = fileURLToPath(new URL("elsewhere_probe.ts", import.meta.url));

export type Call = readonly [tool: string, args: Readonly<Record<string, unknown>>];

/** What each call gave: the result's text, or the line it was refused with. */
export async function callElsewhere(
  flags: readonly string[],
  request: { readonly roots: Roots; readonly calls: readonly Call[] },
): Promise<readonly string[]> {
  const args = ["run", "--no-prompt", "--no-check", "--no-lock", "--cached-only", ...flags, PROBE];
  return JSON.parse(await run([...args, JSON.stringify(request)]));
}

async function run(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(Deno.execPath(), args, { timeout: 60_000 });
  return stdout;
}
