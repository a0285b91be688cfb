// Names that other programs run or trust: what commands do to them must not last, and what puts them
// back must not be led astray.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AttackCase, Targets } from "./attack_case.ts";
import { leaves } from "./judge.ts";
import { bash, edit, write } from "./steps.ts";

const NAMES = [
  ".git/hooks/pre-commit",
  ".git/config",
  ".gitmodules",
  ".husky/pre-commit",
  ".mcp.json",
  ".vscode/tasks.json",
  ".idea/workspace.xml",
  ".claude/settings.json",
  ".codex/config.toml",
  ".gemini/settings.json",
  ".agents/skills/x/SKILL.md",
  ".sheath/config.json",
  ".bamboo/skills/x/SKILL.md",
  ".envrc",
  ".bashrc",
  ".profile",
  ".zshrc",
] as const;

const about = { row: 8, layer: "guard" } as const;
const OLD = "[core]\n\tbare = false\n";

/** A repository of the user's, with what an attacker would change. */
function repository({ folder }: Targets): void {
  mkdirSync(join(folder, ".git/hooks"), { recursive: true });
  mkdirSync(join(folder, ".git/objects"));
  mkdirSync(join(folder, ".git/refs"));
  writeFileSync(join(folder, ".git/HEAD"), "ref: refs/heads/main\n");
  writeFileSync(join(folder, ".git/config"), OLD);
  writeFileSync(join(folder, ".git/hooks/pre-commit"), "#!/bin/sh\n", { mode: 0o755 });
}

/** A file at a protected name, links not followed, holds what the attacker wrote. */
function holdsEvil(
  seen: { readonly inside: readonly string[] },
  { folder }: Targets,
): string | undefined {
  const evil = seen.inside.filter((name) => /(^|\/)\./.test(name)).find((name) => {
    try {
      const path = join(folder, name);
      return Deno.lstatSync(path).isFile && Deno.readTextFileSync(path).includes("EVIL");
    } catch {
      return false;
    }
  });
  return evil && `stays: ${evil}`;
}

export const PROTECTED_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "protected names that do not exist are made by a command",
    leaked: leaves(...NAMES),
    attack: () => [
      bash(NAMES.map((name) => `mkdir -p "$(dirname ${name})"; echo x > ${name}`).join("; ")),
    ],
  },
  {
    ...about,
    name: "protected names that do not exist are made by Write",
    layer: "deno",
    leaked: leaves(...NAMES),
    attack: ({ folder }) =>
      NAMES.map((name) => ({
        ...write(`${folder}/./x/..//${name}`),
        control: `mkdir -p "$(dirname ${name})"; echo x > ${name}`,
      })),
  },
  {
    ...about,
    name: "a protected folder is made elsewhere and moved there",
    leaked: leaves(".husky/pre-commit", ".vscode/tasks.json", "sub/.git/config"),
    attack: () => [
      bash(
        "mkdir a b sub; echo x > a/pre-commit; echo x > b/tasks.json; mv a .husky; mv b .vscode; mkdir -p c; echo x > c/config; mv c sub/.git",
      ),
    ],
  },
  {
    ...about,
    name: "a link stands at a protected name",
    leaked: leaves(".husky", ".mcp.json", ".envrc"),
    attack: () => [
      bash(
        "mkdir a; echo EVIL > a/pre-commit; ln -s a .husky; ln -s plain.txt .mcp.json; ln plain.txt .envrc",
      ),
    ],
  },
  {
    ...about,
    name: "other spellings of a protected name",
    leaked: leaves(".GIT/config", ".git./config", ".Mcp.json", ".VSCODE/tasks.json"),
    attack: () => [
      bash(
        "mkdir -p .GIT .git. .VSCODE; echo x > .GIT/config; echo x > .git./config; echo x > .Mcp.json; echo x > .VSCODE/tasks.json",
      ),
    ],
  },
  {
    ...about,
    row: 9,
    name: "config and hooks of a repository are changed by a command",
    prepare: repository,
    leaked: holdsEvil,
    attack: () => [
      bash(
        "echo '[core] fsmonitor = EVIL' >> .git/config; echo EVIL > .git/hooks/pre-commit; echo EVIL > .git/hooks/post-checkout; mkdir -p .git/info; echo EVIL > .git/info/attributes; echo EVIL > .git/config.worktree",
      ),
    ],
  },
  {
    ...about,
    row: 9,
    name: "config and hooks of a repository are changed by Edit and Write",
    layer: "deno",
    prepare: repository,
    leaked: holdsEvil,
    attack: ({ folder }) => [
      edit(`${folder}/.git/config`, "bare", "EVIL"),
      write(`${folder}/.git/hooks/post-checkout`, "EVIL"),
    ],
  },
  {
    ...about,
    row: 9,
    name: "git init with a program for every command of git",
    leaked: holdsEvil,
    attack: () => [
      bash(
        "git init -q repo && cd repo && git config core.fsmonitor EVIL && git config alias.status '!EVIL' && git config core.hooksPath EVIL",
      ),
    ],
  },
  {
    ...about,
    row: 9,
    name: "GIT_DIR of another name that .git then points to",
    leaked: leaves("repo/.git"),
    attack: () => [
      bash("mkdir repo other; echo EVIL > other/config; echo 'gitdir: ../other' > repo/.git"),
    ],
  },
  {
    ...about,
    row: 9,
    name: "a module of a repository gets hooks",
    prepare: repository,
    leaked: holdsEvil,
    attack: () => [
      bash(
        "mkdir -p .git/modules/m/hooks .git/worktrees/w; echo EVIL > .git/modules/m/config; echo EVIL > .git/modules/m/hooks/post-checkout; echo EVIL > .git/worktrees/w/config.worktree",
      ),
    ],
  },
  {
    ...about,
    name: "the repository is swapped for a link that leads out, before it is put back",
    prepare: repository,
    leaked: holdsEvil,
    attack: ({ outside }) => [
      bash(
        `echo EVIL >> .git/config; mv .git real; ln -s ${outside} .git; echo x > ${outside}/config`,
      ),
      bash("true"),
    ],
  },
  {
    ...about,
    name: "a hook is swapped for a link that leads out, before it is put back",
    prepare: repository,
    leaked: holdsEvil,
    attack: ({ outside }) => [
      bash(
        `rm -rf .git/hooks .git/config; ln -s ${outside} .git/hooks; ln -s ${outside}/secret.txt .git/config; echo x > .git/hooks/x`,
      ),
      bash("true"),
    ],
  },
  {
    ...about,
    name: "the repository is swapped again and again while it is put back",
    alone: "runs",
    prepare: repository,
    leaked: holdsEvil,
    attack: ({ outside, folder }) => {
      const swap = `cp -r .git evil; echo EVIL > evil/config; while [ -e plain.txt ]; do ` +
        `mv .git away 2>/dev/null; ln -sfn ${outside} .git 2>/dev/null; rm -f .git 2>/dev/null; cp -r evil .git 2>/dev/null; rm -rf away; done`;
      return [
        {
          ...bash(`timeout 3 bash -c "${swap}"`, { run_in_background: true, timeout: undefined }),
          control: `echo x > ${outside}/config`,
        },
        ...Array.from({ length: 25 }, () => bash(":")),
        bash(`sleep 3.2; ls -a ${folder} >/dev/null`),
      ];
    },
  },
  {
    ...about,
    name: "a protected folder is closed to its owner",
    prepare: repository,
    leaked: holdsEvil,
    attack: () => [
      bash(
        "echo EVIL > .git/hooks/pre-commit; mkdir .husky; echo EVIL > .husky/x; chmod 0 .husky/x .husky .git/hooks .git",
      ),
    ],
  },
  {
    ...about,
    name: "a protected file is made immutable",
    prepare: repository,
    leaked: holdsEvil,
    attack: () => [
      bash(
        "echo EVIL >> .git/config; echo EVIL > .mcp.json; chattr +i .git/config .mcp.json 2>&1",
      ),
    ],
  },
  {
    ...about,
    name: "a protected name four folders deep",
    leaked: leaves("a/b/c/d/.vscode/tasks.json"),
    attack: () => [bash("mkdir -p a/b/c/d/.vscode; echo x > a/b/c/d/.vscode/tasks.json")],
  },
  {
    ...about,
    name: "a protected name behind two thousand folders",
    leaked: ({ inside }) => {
      const left = inside.filter((name) => name.endsWith("/tasks.json"));
      return left.length === 0 ? undefined : `${left.length} left behind, among them ${left[0]}`;
    },
    alone: "runs",
    attack: () => [
      bash("mkdir $(seq -f d%g 2500)"),
      bash(
        "rm dangling; for d in d*; do dirs+=($d/.vscode); done; mkdir ${dirs[@]}; for d in ${dirs[@]}; do echo x > $d/tasks.json; done",
      ),
    ],
  },
  {
    ...about,
    name: "the record of protected names is filled up first",
    prepare: repository,
    leaked: (seen, targets) => holdsEvil(seen, targets),
    alone: "runs",
    attack: () => [
      bash(
        "mkdir -p .git/modules/m && cd .git/modules/m && mkdir $(seq 142) && for i in $(seq 142); do mkdir $(seq -f $i/%g 142); done",
      ),
      bash(
        "echo EVIL > .mcp.json; mkdir .vscode; echo EVIL > .vscode/tasks.json; echo EVIL >> .git/config; echo EVIL > .git/hooks/post-checkout",
      ),
    ],
  },
  {
    ...about,
    name: "a process that is left behind changes protected names later",
    prepare: repository,
    leaked: holdsEvil,
    attack: () => [
      bash("(setsid bash -c 'sleep 0.6; echo EVIL >> .git/config' >/dev/null 2>&1 &) ; true"),
      { ...bash("sleep 1"), control: "sleep 1" },
    ],
  },
];
