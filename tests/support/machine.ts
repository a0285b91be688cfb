// What the machine under the tests has; a test of what it has not says so and is passed over.
import { existsSync } from "node:fs";
import { probeBubblewrap } from "../../src/sandbox/bubblewrap.ts";

const FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin"];

/** Whether all these programs are where the box runs them; if not, stderr tells. */
export function hasPrograms(...names: readonly string[]): boolean {
  const missing = names.filter((name) =>
    !FOLDERS.some((folder) => existsSync(`${folder}/${name}`))
  );
  return missing.length === 0 || skipped(`${missing.join(" and ")} not installed`);
}

/** Whether level `namespace` is to be had; if not, stderr tells. */
export function hasNamespaces(): boolean {
  const bubblewrap = probeBubblewrap();
  return bubblewrap.type === "works" || skipped(bubblewrap.why);
}

function skipped(why: string): false {
  Deno.stderr.writeSync(new TextEncoder().encode(`skipped: ${why}\n`));
  return false;
}
