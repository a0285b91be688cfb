// Links, `..`, absolute names and moved files as ways out of the workspace.
import { join } from "node:path";
import type { AttackCase, Step, Targets } from "./attack_case.ts";
import { bash, edit, getFileInfo, glob, grep, read, workspace, write } from "./steps.ts";

type Way = (targets: Targets) => string;

/** Names of the secret file outside. */
const FILES: Readonly<Record<string, Way>> = {
  "a link to a file": ({ folder }) => join(folder, "file-link"),
  "a link to a folder": ({ folder }) => join(folder, "folder-link/secret.txt"),
  "a relative link": ({ folder }) => join(folder, "relative-link"),
  "a chain of links": ({ folder }) => join(folder, "chain-1"),
  "a link to /": ({ folder, secret }) => join(folder, "root-link") + secret,
  "..": ({ folder, token }) => `${folder}/../../outside/${token}/secret.txt`,
  "its own name": ({ secret }) => secret,
  "its name with slashes": ({ secret }) => `//${secret.replaceAll("/", "//")}`,
};

const READERS: Readonly<Record<string, (path: string, targets: Targets) => Step>> = {
  Bash: (path) => bash(`cat '${path}'`),
  Read: (path) => read(path),
  Grep: (path) => grep(path),
};

const WRITERS: Readonly<Record<string, (path: string, targets: Targets) => Step>> = {
  Bash: (path) => bash(`echo overwritten > '${path}'`),
  Write: (path) => write(path),
  Edit: (path) => edit(path, "canary"),
};

function eachWay(
  verb: string,
  tools: typeof READERS,
): AttackCase[] {
  return Object.entries(FILES).flatMap(([how, path]) =>
    Object.entries(tools).map(([tool, step]): AttackCase => ({
      name: `${tool} ${verb} outside by ${how}`,
      row: 7,
      layer: tool === "Bash" ? "landlock" : "deno",
      attack: (targets) => [step(path(targets), targets)],
    }))
  );
}

export const LINK_CASES: readonly AttackCase[] = [
  ...eachWay("reads", READERS),
  ...eachWay("writes", WRITERS),
  {
    name: "Bash makes a file outside by a dangling link",
    row: 7,
    layer: "landlock",
    attack: () => [bash("echo made > dangling")],
  },
  {
    name: "Write makes a file outside by a dangling link",
    row: 7,
    layer: "deno",
    attack: ({ folder }) => [write(`${folder}/dangling`), write(`${folder}/folder-link/new/x.txt`)],
  },
  {
    name: "file tools follow a link that a command has just made",
    row: 7,
    layer: "deno",
    attack: ({ folder, secret, outside }) => [
      bash(`ln -s ${secret} late-link; ln -s ${outside} late-folder`),
      read(`${folder}/late-link`),
      grep(`${folder}/late-folder/secret.txt`),
      edit(`${folder}/late-link`, "canary"),
      write(`${folder}/late-folder/new.txt`),
    ],
  },
  {
    name: "Glob lists a folder outside",
    row: 7,
    layer: "deno",
    leaked: ({ outputs }) =>
      outputs.some(({ stdout }) => /deep\.txt/.test(stdout))
        ? "names outside came back"
        : undefined,
    attack: ({ folder, outside }) => [
      glob(`${outside}/folder`),
      glob(`${folder}/folder-link/folder`),
      glob(folder, "folder-link/**/*"),
      glob(folder, `${outside}/**`),
      glob(folder, "../../outside/**/*"),
    ],
  },
  {
    name: "GetFileInfo and Workspace look outside",
    row: 7,
    layer: "deno",
    leaked: ({ outputs }) => outputs.some(({ isDone }) => isDone) ? "the tool did it" : undefined,
    attack: ({ folder, secret, outside }) => [
      getFileInfo(secret),
      getFileInfo(`${folder}/file-link`),
      workspace(outside),
      workspace(`${folder}/folder-link`),
    ],
  },
  {
    name: "a command's working folder outside",
    row: 7,
    layer: "deno",
    attack: ({ outside }) => [
      { ...bash("cat secret.txt", { workdir: outside }), control: `cd ${outside}; cat secret.txt` },
      {
        ...bash("cat secret.txt", { workdir: "folder-link" }),
        control: "cd folder-link; cat secret.txt",
      },
    ],
  },
  {
    name: "a file outside is linked into the workspace",
    row: 7,
    layer: "landlock",
    attack: ({ secret }) => [bash(`ln ${secret} hard; ln -L ${secret} hard2; cat hard hard2`)],
  },
  {
    name: "a file outside is moved into the workspace",
    row: 7,
    layer: "landlock",
    attack: ({ secret }) => [bash(`mv ${secret} moved; cat moved`)],
  },
  {
    name: "a file of the workspace is moved, copied or linked outside",
    row: 7,
    layer: "landlock",
    attack: ({ outside }) => [
      bash(
        `cp plain.txt ${outside}/copied; ln plain.txt ${outside}/linked; mv plain.txt ${outside}/moved`,
      ),
    ],
  },
  {
    name: "files outside are removed, truncated, or made",
    row: 7,
    layer: "landlock",
    attack: ({ outside }) => [
      bash(
        `cd ${outside}; rm -rf folder; truncate -s 0 secret.txt; : > secret.txt; rm secret.txt; ` +
          "mkdir made; mkfifo pipe; ln -s x link; touch new",
      ),
    ],
  },
  {
    name: "folders outside are listed and searched",
    row: 7,
    layer: "landlock",
    leaked: ({ outputs }) =>
      outputs.some(({ stdout }) => /deep\.txt/.test(stdout))
        ? "names outside came back"
        : undefined,
    attack: (
      { outside },
    ) => [bash(`ls -R ${outside}; find ${outside}; echo ${outside}/*/*; grep -r . ${outside}`)],
  },
  {
    name: "a link that is swapped while file tools read it",
    alone: "runs",
    row: 7,
    layer: "landlock",
    attack: (targets) => swapped(targets, (path) => read(path)),
  },
  {
    name: "a link that is swapped while file tools write it",
    alone: "runs",
    row: 7,
    layer: "landlock",
    attack: (targets) => swapped(targets, (path) => write(path)),
  },
  {
    name: "a folder that is swapped for a link while file tools write into it",
    alone: "runs",
    row: 7,
    layer: "landlock",
    attack: (targets) => {
      const { outside, folder } = targets;
      const swap =
        `mkdir -p real; while [ -e real ]; do ln -sfn real sw; ln -sfn ${outside} sw; done`;
      return [
        {
          ...bash(`timeout 4 bash -c '${swap}'`, { run_in_background: true, timeout: undefined }),
          control: "ln -s folder-link sw",
        },
        ...Array.from({ length: 40 }, (_, index) => write(`${folder}/sw/new${index}.txt`)),
      ];
    },
  },
];

/** In the background a name leads inside and outside in turn, while a tool uses it again and again. */
function swapped({ secret, folder }: Targets, use: (path: string) => Step): Step[] {
  const swap = `while [ -e plain.txt ]; do ln -sfn plain.txt sw; ln -sfn ${secret} sw; done`;
  const step = bash(`timeout 4 bash -c '${swap}'`, { run_in_background: true, timeout: undefined });
  return [
    { ...step, control: "ln -s file-link sw" },
    ...Array.from({ length: 40 }, () => use(`${folder}/sw`)),
  ];
}
