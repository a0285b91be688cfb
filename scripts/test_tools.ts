// Installs what the tests of level `namespace` need, where that can be done: bubblewrap, by apt as
// root. Elsewhere those tests say that they were skipped; nothing here fails.
import { existsSync } from "node:fs";
import process from "node:process";

const PROGRAM = "/usr/bin/bwrap";
/** Debian 12's; another system's own does as well. */
const PACKAGE = "bubblewrap=0.8.0-2+deb12u1";

async function apt(...args: readonly string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("apt-get", {
      args: ["-qq", ...args],
      env: { DEBIAN_FRONTEND: "noninteractive" },
      stdin: "null",
      stdout: "null",
      stderr: "null",
      signal: AbortSignal.timeout(120_000),
    }).output();
    return success;
  } catch {
    return false; // no apt here
  }
}

if (!existsSync(PROGRAM) && process.getuid?.() === 0) {
  const install = ["install", "--yes", "--no-install-recommends", PACKAGE];
  const isThere = await apt(...install) || (await apt("update") && await apt(...install));
  const what = isThere ? "installed" : "not to be had, tests of level namespace are skipped";
  process.stderr.write(`bubblewrap: ${what}\n`);
}
