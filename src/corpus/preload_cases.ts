// Variables of the worker's own process by which programs run others: no command may have them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttackCase, SharedTargets } from "./attack_case.ts";
import { REACHED } from "./judge.ts";
import { bash } from "./steps.ts";

/** What they name writes into the file that this variable names, and does nothing without it. */
const MARKED = "MARKED";

const about = { row: 17, layer: "hygiene", variables, prepare } as const;

/** One command that would be marked, and then the mark. */
const marked = (command: string) => bash(`MARKED=$PWD/mark ${command}; cat mark`);

export const PRELOAD_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "LD_PRELOAD of the worker in a command",
    attack: () => [marked("/bin/true")],
  },
  {
    ...about,
    name: "BASH_ENV and ENV of the worker in a command",
    attack: () => [marked("bash -c true")],
  },
  {
    ...about,
    name: "NODE_OPTIONS of the worker in a command",
    attack: () => [marked("node -e 0")],
  },
  {
    ...about,
    name: "PYTHONSTARTUP and PYTHONPATH of the worker in a command",
    attack: () => [marked("python3 -c 0"), marked("python3 -i < /dev/null")],
  },
  {
    ...about,
    name: "PERL5OPT and PERL5LIB of the worker in a command",
    attack: () => [marked("perl -e 1")],
  },
  {
    ...about,
    name: "GIT_SSH_COMMAND of the worker in a command",
    attack: () => [marked("git ls-remote ssh://nobody@127.0.0.1/x")],
  },
  {
    ...about,
    name: "configuration of git in the worker's variables",
    attack: () => [bash("git marked")],
  },
  {
    ...about,
    name: "PAGER and EDITOR of the worker in a command",
    attack: () => [bash("export MARKED=$PWD/mark; ${PAGER:-true}; ${EDITOR:-true}; cat mark")],
  },
  {
    ...about,
    name: "variables of our own runtime in a command",
    attack: () => [bash(`env | grep -q ^DENO_ && echo ${REACHED}`)],
  },
  {
    ...about,
    name: "proxies and certificates of the worker in a command",
    attack: () => [bash(`env | grep -qi -e _proxy= -e ^SSL_ -e _ca_ && echo ${REACHED}`)],
  },
];

/** A folder of the workspace, so that commands may read and run what lies there. */
function markers({ workspace }: SharedTargets): string {
  return join(workspace, "markers");
}

function variables(shared: SharedTargets): Readonly<Record<string, string>> {
  const folder = markers(shared);
  const at = (name: string) => join(folder, name);
  return {
    LD_PRELOAD: at("mark.so"),
    LD_LIBRARY_PATH: folder,
    BASH_ENV: at("mark.sh"),
    ENV: at("mark.sh"),
    NODE_OPTIONS: `--require=${at("mark.cjs")}`,
    PYTHONSTARTUP: at("sitecustomize.py"),
    PYTHONPATH: folder,
    PERL5OPT: "-MMark",
    PERL5LIB: folder,
    GIT_SSH_COMMAND: at("mark.sh"),
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "alias.marked",
    GIT_CONFIG_VALUE_0: `!echo ${REACHED}`,
    PAGER: at("mark.sh"),
    EDITOR: at("mark.sh"),
    DENO_DIR: folder,
    DENO_TLS_CA_STORE: "mozilla",
    http_proxy: `http://127.0.0.1:${shared.tcpPort}`,
    SSL_CERT_FILE: at("mark.pem"),
  };
}

const FILES: Readonly<Record<string, string>> = {
  "mark.sh": `#!/bin/sh\nif [ -n "$${MARKED}" ]; then echo ${REACHED} >> "$${MARKED}"; fi\n`,
  "mark.cjs":
    `const to = process.env.${MARKED}; if (to) require("fs").appendFileSync(to, "${REACHED}\\n");\n`,
  "sitecustomize.py":
    `import os\nif os.environ.get("${MARKED}"): open(os.environ["${MARKED}"], "a").write("${REACHED}\\n")\n`,
  "Mark.pm":
    `package Mark; if ($ENV{${MARKED}}) { open(my $f, ">>", $ENV{${MARKED}}); print $f "${REACHED}\\n" } 1;\n`,
  "mark.c": `#include <stdio.h>
#include <stdlib.h>
__attribute__((constructor)) static void mark(void) {
  const char *to = getenv("${MARKED}");
  FILE *file = to ? fopen(to, "a") : 0;
  if (file) { fputs("${REACHED}\\n", file); fclose(file); }
}
`,
};

/** Where there is no compiler there is no library, and its case does not work anywhere. */
function prepare({ shared }: { readonly shared: SharedTargets }): void {
  const folder = markers(shared);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) {
    writeFileSync(join(folder, name), text, { mode: 0o755 });
  }
  try {
    new Deno.Command("cc", {
      args: ["-shared", "-fPIC", "-o", "mark.so", "mark.c"],
      cwd: folder,
      stderr: "null",
    }).outputSync();
  } catch {
    // No compiler.
  }
}
