// Variables of the worker and its parent, and variables and files that make programs run others.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttackCase, Targets } from "./attack_case.ts";
import { REACHED } from "./judge.ts";
import { bash, js } from "./steps.ts";

/** A later command that runs nothing of an earlier one, in a shell of the user's that would. */
function later(command: string, openly: string) {
  return { ...bash(command), control: openly };
}

function script(path: string): void {
  writeFileSync(path, `#!/bin/sh\necho ${REACHED}\n`, { mode: 0o755 });
}

const inFolder = (name: string) => ({ folder }: Targets) => script(join(folder, name));

export const ENVIRONMENT_CASES: readonly AttackCase[] = [
  {
    name: "the variables of a command",
    row: 1,
    layer: "hygiene",
    attack: () => [bash("env; export -p; set")],
  },
  {
    name: "the variables of a command in /proc",
    row: 1,
    layer: "landlock",
    attack: () => [bash("tr '\\0' '\\n' < /proc/self/environ; cat /proc/$$/environ")],
  },
  {
    name: "the variables of the process that started the command",
    row: 1,
    layer: "landlock",
    attack: ({ worker }) => [bash(`cat /proc/$PPID/environ /proc/${worker()}/environ`)],
  },
  {
    name: "the variables of js_repl",
    row: 1,
    layer: "hygiene",
    attack: () => [
      js(
        `const all = [() => Deno.env.toObject(), () => process.env];
for (const one of all) { try { console.log(JSON.stringify(one())); } catch (e) { console.log(e.name); } }
try { console.log(JSON.stringify((await import("node:process")).env)); } catch (e) { console.log(e.name); }`,
        "env",
      ),
    ],
  },
  {
    name: "a program of the working folder stands for one of the system",
    row: 6,
    layer: "hygiene",
    prepare: inFolder("ls"),
    attack: () => [later("ls", 'PATH=".:$PATH"; ls')],
  },
  {
    name: "a program in a bin folder that an earlier command made",
    row: 6,
    layer: "hygiene",
    attack: () => [
      bash(
        'mkdir -p ~/bin ~/.local/bin; for f in ~/bin/ls ~/.local/bin/ls; do printf "#!/bin/sh\\necho REACHED\\n" > $f; chmod +x $f; done',
      ),
      later("ls", 'PATH="$HOME/bin:$PATH"; ls'),
    ],
  },
  {
    name: "a .env file of the project",
    row: 6,
    layer: "hygiene",
    prepare: ({ shared }) =>
      writeFileSync(
        join(shared.workspace, ".env"),
        `DOTENV_MARK=${REACHED}\nHOME=/nowhere\nDENO_DIR=/nowhere\nPATH=${shared.workspace}\n`,
      ),
    attack: ({ shared: { workspace } }) => [
      later("echo $DOTENV_MARK", `set -a; . ${workspace}/.env; echo $DOTENV_MARK`),
    ],
  },
  {
    name: "BASH_ENV set by an earlier command",
    row: 17,
    layer: "hygiene",
    prepare: inFolder("evil.sh"),
    attack: ({ folder }) => [
      bash(`export BASH_ENV=${folder}/evil.sh ENV=${folder}/evil.sh`),
      later("true", `BASH_ENV=${folder}/evil.sh bash -c true`),
    ],
  },
  {
    name: "start-up files of shells written by an earlier command",
    row: 17,
    layer: "hygiene",
    attack: () => [
      bash(
        "for f in .bashrc .profile .bash_profile .bash_login .zshenv; do echo echo REACHED > ~/$f; done",
      ),
      later("true", "bash -lc true"),
    ],
  },
  {
    name: "start-up files of shells that Write makes in the home of commands",
    row: 17,
    layer: "landlock",
    attack: ({ shared: { storage } }) => [
      {
        tool: "Write",
        args: { file_path: `${storage}/home/.bashrc`, content: "echo REACHED\n" },
        control: "echo echo REACHED > ~/.profile",
      },
      later("true", "bash -lc true"),
    ],
  },
  {
    name: "functions that an earlier command exported",
    row: 17,
    layer: "hygiene",
    attack: () => [
      bash("ls() { echo REACHED; }; export -f ls; alias ls='echo REACHED'"),
      later("ls", "ls() { echo REACHED; }; export -f ls; bash -c ls"),
    ],
  },
  {
    name: "LD_PRELOAD and its kin set by an earlier command",
    row: 17,
    layer: "hygiene",
    attack: () => [
      bash(
        "export LD_PRELOAD=x LD_LIBRARY_PATH=. NODE_OPTIONS=x PYTHONSTARTUP=x PERL5OPT=x GIT_SSH_COMMAND=x PAGER=x DENO_DIR=x",
      ),
      later(
        'test -z "$LD_PRELOAD$LD_LIBRARY_PATH$NODE_OPTIONS$PYTHONSTARTUP$PERL5OPT$GIT_SSH_COMMAND$DENO_DIR" || echo REACHED',
        'NODE_OPTIONS=x; test -z "$NODE_OPTIONS" || echo REACHED',
      ),
    ],
  },
  {
    name: "an early program of the next command, by the folder of its modules",
    row: 17,
    layer: "hygiene",
    prepare: ({ folder }) => {
      mkdirSync(join(folder, "lib"));
      writeFileSync(join(folder, "lib/strict.pm"), `print "${REACHED}\\n"; 1;\n`);
    },
    attack: () => [
      bash("export PERL5LIB=$PWD/lib"),
      later("perl -Mstrict -e 1", "PERL5LIB=$PWD/lib perl -Mstrict -e 1"),
    ],
  },
];
