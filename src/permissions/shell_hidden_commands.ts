// Programs that run other programs when one of their options, or a text of their own language, says so.
import { named } from "./shell_findings.ts";
import { firstOperand, isLongOption, isShortOption } from "./shell_options.ts";
import type { Judge, Scene } from "./shell_scene.ts";
import { judgeShellText } from "./shell_text.ts";
import type { Word } from "./shell_word.ts";

type Command = Parameters<Judge>[0];

/** Each by its program's name. */
export const hiddenCommands: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...["awk", "gawk", "mawk", "nawk"].map((name) => [name, judgeAwk] as const),
  ...["gsed", "sed"].map((name) => [name, judgeSed] as const),
  ...["ed", "emacs", "ex", "nvim", "vi", "vim"].map((name) => [name, judgeEditor] as const),
  ...["bsdtar", "gtar", "tar"].map((name) => [name, judgeTar] as const),
  ...["fd", "fdfind"].map((name) => [name, judgeFd] as const),
  ["git", judgeGit],
  ["hash", asksFor(/^-p/)],
  ["man", asksFor(/^-[A-Za-z]*[PH]|^--(pager|html)/)],
  ["mapfile", asksFor(/^-[a-z]*C/)],
  ["nc", asksFor(/^-[a-z]*[ec]|^--(exec|sh-exec|lua-exec)/)],
  ["ncat", asksFor(/^-[a-z]*[ec]|^--(exec|sh-exec|lua-exec)/)],
  ["netcat", asksFor(/^-[a-z]*[ec]|^--(exec|sh-exec)/)],
  ["readarray", asksFor(/^-[a-z]*C/)],
  ["rsync", asksFor(/^-[a-zA-Z]*e|^--(rsh|rsync-path)/)],
  ["scp", asksFor(/^-[a-zA-Z0-9]*[SoF]/)],
  ["sftp", asksFor(/^-[a-zA-Z0-9]*[SoFD]/)],
  ["socat", asksFor(/(exec|system|shell):/i)],
  ["sort", asksFor(/^--comp/)],
  ["split", asksFor(/^--f/)],
  ["ssh", asksFor(/^-[a-zA-Z0-9]*[oF]/)],
  ["wget", asksFor(/^-[a-zA-Z]*e|^--(execute|use-askpass)/)],
  ["zip", asksFor(/^-TT$|^--unzip-command/)],
]);

/** The option makes it run, or load, what follows. */
function asksFor(option: RegExp): Judge {
  return ({ name, args }, { findings }) => {
    if (args.some(({ text }) => option.test(text))) {
      findings.ask(`${named(name)} has an option that runs a command`);
    }
  };
}

const AWK_RUNS = /\bsystem\s*\(|\|&?\s*getline|\|&|(print|printf)\b[^;}\n|]*\|(?!\|)|@load|\/inet/;

function judgeAwk({ name, args }: Command, { findings }: Scene): void {
  if (args.some(({ text }) => AWK_RUNS.test(text))) {
    findings.ask(`${named(name)} runs a command from its program`);
  }
  if (args.some(({ isKnown }) => !isKnown) || args.some(({ text }) => /^-[fiE]/.test(text))) {
    findings.warn(`${named(name)} runs a program that is not known`);
  }
}

const SED_PARTS =
  /s([^\w\s\\])(?:\\.|(?!\1)[^\\])*\1(?:\\.|(?!\1)[^\\])*\1([a-zA-Z0-9]*)|\/(?:\\.|[^\\/])*\//gs;
/** A longer script is not looked through. */
const MAX_SED_SCRIPT = 2_000;

function judgeSed({ name, args }: Command, scene: Scene): void {
  const { findings } = scene;
  for (const { text } of args) {
    if (text.length > MAX_SED_SCRIPT) findings.ask(`${named(name)} has a long script`);
    else if (sedRuns(text)) findings.ask(`${named(name)} has a script that may run or write`);
  }
  if (args.some(({ text }) => /^(-[a-zA-Z]*f|--fi)/.test(text))) {
    findings.warn(`${named(name)} runs a script that is not known`);
  }
}

/** The command `e`, and the flags `e` and `w` of a replacement. */
function sedRuns(script: string): boolean {
  if (/^-/.test(script) && !/^(-[a-z]*e|--exp)/.test(script)) return false;
  const flags: string[] = [];
  const rest = script.replaceAll(SED_PARTS, (_, _delimiter, flag = "") => {
    flags.push(flag);
    return " ";
  });
  return flags.some((flag) => /[ewW]/.test(flag)) || /(^|[\s;{}!\d$,~+])[eW](\s|$)/.test(rest);
}

function judgeEditor({ name, args }: Command, { findings, stdin }: Scene): void {
  const commands = args.filter(({ text }) =>
    /^(-[a-zA-Z]*[cSsEl]|--(cmd|eval|load|batch)|\+.)/.test(text)
  );
  if (commands.length > 0 || stdin.type !== "inherited") {
    findings.ask(`${named(name)} runs commands of its own language`);
  }
}

const TAR_RUNS = [
  ...["checkpoint-action", "info-script", "new-volume-script", "rmt-command", "rsh-command"],
  ...["to-command", "use-compress-program"],
];
const COMPRESSORS = /^(-I|--use-compress-program=?)?(brotli|bzip2|gzip|lz4|lzip|pigz|xz|zstd)$/;

function judgeTar({ name, args }: Command, { findings }: Scene): void {
  args.forEach((word, index) => {
    const isCluster = index === 0 ? /^-?[a-zA-Z]*[IF]/.test(word.text) : isShortOption(word, "F");
    const runs = isCluster || isShortOption(word, "I") ||
      TAR_RUNS.some((option) => isLongOption(word, option));
    if (!runs) return;
    const isCompressor = [word, args[index + 1]].some((one) => COMPRESSORS.test(one?.text ?? ""));
    if (!isCompressor) findings.ask(`${named(name)} has an option that runs a command`);
  });
}

function judgeFd({ args }: Command, scene: Scene): void {
  const at = args.findIndex(({ text }) => /^(-[a-zA-Z]*[xX]|--exec(-batch)?)$/.test(text));
  if (at < 0) return;
  scene.findings.warn("runs a command for each file that is found");
  scene.judgeWords(args.slice(at + 1), { ...scene, stdin: { type: "inherited" } });
}

/** Settings that start no program. */
const HARMLESS_SETTING =
  /^(advice|color|column|user|commit\.gpgsign|core\.(autocrlf|quotepath|filemode)|init\.defaultbranch|pull\.(rebase|ff)|push\.default|safe\.directory|http\.(postbuffer|version))/i;

function judgeGit({ args }: Command, scene: Scene): void {
  const { findings } = scene;
  const at = firstOperand(args, { short: "Cc", long: ["git-dir", "work-tree", "namespace"] });
  args.slice(0, at).forEach(({ text }, index) => {
    const isSetting = /^-c|^--config-env/.test(text);
    const setting = text.replace(/^(-c|--config-env=?)/, "") || args[index + 1]?.text || "";
    if ((isSetting && !HARMLESS_SETTING.test(setting)) || text.startsWith("--exec-path=")) {
      findings.ask("git is given a setting that may run a command");
    }
  });
  const [subcommand, ...rest] = args.slice(at);
  if (subcommand !== undefined) judgeGitSubcommand(subcommand, rest, scene);
}

const GIT_RUNS = /^(--(upload-pack|receive-pack|exec|extcmd|open-files-in-pager|ext-diff)|-O)/;

function judgeGitSubcommand(
  { text: name, isKnown }: Word,
  args: readonly Word[],
  scene: Scene,
): void {
  const { findings } = scene;
  if (!isKnown) findings.ask("git is given a subcommand that is not known");
  if (name === "clean" || name === "rm") findings.addDeletion({ ofTree: true });
  if (name === "submodule") judgeForeach(args, scene);
  if (name === "bisect" && args[0]?.text === "run") scene.judgeWords(args.slice(1), scene);
  if (name === "rebase") judgeRebase(args, scene);
  if (
    name === "filter-branch" || args.some(({ text }) => GIT_RUNS.test(text) || /^ext::/.test(text))
  ) {
    findings.ask("git is told to run a command");
  }
  const [setting, ...values] = args.filter(({ text }) => !text.startsWith("-"));
  const isSet = name === "config" && values.length > 0;
  if (isSet && !HARMLESS_SETTING.test(setting?.text ?? "")) {
    findings.ask("git is given a setting that may run a command");
  }
}

function judgeForeach(args: readonly Word[], scene: Scene): void {
  const at = args.findIndex(({ text }) => text === "foreach");
  if (at < 0) return;
  const words = args.slice(at + 1).filter(({ text }) => !/^--(recursive|quiet)$/.test(text));
  if (words.length > 1) return scene.judgeWords(words, scene);
  judgeShellText(words[0], scene);
}

function judgeRebase(args: readonly Word[], scene: Scene): void {
  args.forEach((word, index) => {
    const isExec = word.text === "-x" || isLongOption(word, "exec");
    if (!isExec) return;
    const beside = word.text.match(/^--exec=(.*)$/s)?.[1];
    judgeShellText(beside === undefined ? args[index + 1] : { ...word, text: beside }, scene);
  });
}
