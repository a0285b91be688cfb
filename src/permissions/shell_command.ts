// One command of a line: who judges it, by its program's name.
import { isEverydayCommand } from "./shell_everyday.ts";
import { filePrograms } from "./shell_file_programs.ts";
import { named } from "./shell_findings.ts";
import { hiddenCommands } from "./shell_hidden_commands.ts";
import { interpreters } from "./shell_interpreters.ts";
import type { Judge, Scene } from "./shell_scene.ts";
import type { Word } from "./shell_word.ts";
import { wrappers } from "./shell_wrappers.ts";

/** Why a program is always asked about. */
const ASKED: readonly (readonly [why: string, ...programs: string[]])[] = [
  ["raises privileges", "su", "sudoedit", "newgrp", "sg", "machinectl"],
  [
    "changes disks",
    ...["blkdiscard", "cryptsetup", "fdisk", "gdisk", "hdparm", "losetup", "mke2fs", "mkfs"],
    ...["mkswap", "mount", "parted", "sfdisk", "swapoff", "swapon", "umount", "wipefs"],
  ],
  [
    "changes the machine",
    ...["halt", "insmod", "modprobe", "poweroff", "reboot", "rmmod", "shutdown"],
  ],
  ["runs something later", "at", "batch", "crontab", "systemd-run"],
  [
    "makes the shell run or redefine something",
    ...[".", "alias", "bind", "builtin", "compgen", "complete", "coproc", "enable", "eval"],
    ...["exec", "fc", "source", "trap"],
  ],
  ["runs commands it is given as text", "parallel", "script", "expect", "screen", "tmux"],
];

const NETWORK = [
  ...["aria2c", "curl", "ftp", "nc", "ncat", "netcat", "rsync", "scp", "sftp", "socat"],
  ...["ssh", "telnet", "wget"],
];
const CONTAINERS = ["docker", "kubectl", "lxc", "nerdctl", "podman"];
const FETCHERS = ["bunx", "npx", "pipx", "uvx"];

const WARNED: ReadonlyMap<string, string> = new Map([
  ...NETWORK.map((name) => [name, "uses the network"] as const),
  ...CONTAINERS.map((name) => [name, "runs containers"] as const),
  ...FETCHERS.map((name) => [name, "fetches a program and runs it"] as const),
  ["let", "uses arithmetic"],
]);

const ASKED_BY_NAME: ReadonlyMap<string, string> = new Map(
  ASKED.flatMap(([why, ...names]) => names.map((name) => [name, why] as const)),
);

/** Where one of these is taken for a program, the parser has lost its way. */
const RESERVED =
  /^(!|\{|\}|\[\[|\]\]|case|do|done|elif|else|esac|fi|for|function|if|in|select|then|until|while)$/;

/** A program may be in several. */
const TABLES: readonly ReadonlyMap<string, Judge>[] = [
  wrappers,
  interpreters,
  filePrograms,
  hiddenCommands,
];

const MAX_WORDS = 2_000;

/** `words` begin with the program. */
export function judgeCommand(words: readonly Word[], scene: Scene): void {
  const { findings } = scene;
  const [program, ...args] = words;
  if (program === undefined) return;
  if (args.length > MAX_WORDS) return findings.ask("not understood: a command of too many words");
  if (!program.isKnown || program.isPattern || /[\s~$`]|^$/.test(program.text)) {
    return findings.ask("a program whose name is only known when it runs");
  }
  if (RESERVED.test(program.text)) return findings.ask(`not understood: ${named(program.text)}`);
  const name = lastComponent(program.text);
  const isEveryday = isEverydayCommand(program.text, args);
  findings.addProgram(program.text, { isEveryday });
  const why = ASKED_BY_NAME.get(name) ?? (name.startsWith("mkfs.") ? "changes disks" : undefined);
  if (why !== undefined) findings.ask(`${named(name)} ${why}`);
  const warning = WARNED.get(name);
  if (warning !== undefined) findings.warn(`${named(name)} ${warning}`);
  if (name === "let") findings.addEvaluation();
  for (const table of TABLES) table.get(name)?.({ name, args }, scene);
}

function lastComponent(path: string): string {
  return (path.split("/").at(-1) ?? path).toLowerCase().replace(/\.exe$/, "");
}
