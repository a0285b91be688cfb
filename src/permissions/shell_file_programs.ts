// Programs that delete, overwrite or open up files: what they are pointed at.
import { named } from "./shell_findings.ts";
import { isLongOption, isShortOption, operandsOf } from "./shell_options.ts";
import { isProtectedRoot, isProtectedStart, isSensitivePath, isSystemPath } from "./shell_paths.ts";
import type { Judge, Scene } from "./shell_scene.ts";
import { plainWord, type Word } from "./shell_word.ts";

type Command = Parameters<Judge>[0];

/** Each by its program's name. */
export const filePrograms: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...["rm", "del", "erase", "rd", "remove-item"].map((name) => [name, judgeRemove] as const),
  ...["rmdir", "unlink", "shred"].map((name) => [name, judgeDelete] as const),
  ...["cd", "pushd"].map((name) => [name, judgeEnter] as const),
  ...["chmod", "chown", "chgrp"].map((name) => [name, judgeRights] as const),
  ...["tee", "touch", "truncate", "mkdir"].map((name) => [name, judgeWriteAll] as const),
  ...["cp", "install", "ln", "mv"].map((name) => [name, judgeCopy] as const),
  ...["rsync", "scp"].map((name) => [name, judgeLast] as const),
  ["dd", judgeDd],
  ["find", judgeFind],
]);

function isRecursive(args: readonly Word[]): boolean {
  return args.some((word) =>
    isShortOption(word, "r") || isShortOption(word, "R") || isLongOption(word, "recursive") ||
    /^\/s$/i.test(word.text) || /^-recurse$/i.test(word.text)
  );
}

/** What a variable that is always set leads to, by names that are known. */
const BELOW_HOME = /^\$(HOME|PWD|\{HOME\}|\{PWD\})\/+[^*?$`]+$/;

function judgeRemove({ name, args }: Command, { findings }: Scene): void {
  const isOfTree = isRecursive(args);
  const mayBeOfTree = isOfTree || args.some(({ isKnown }) => !isKnown);
  findings.addDeletion({ ofTree: mayBeOfTree });
  for (const { text, isKnown, isPattern } of operandsOf(args)) {
    if (mayBeOfTree && isProtectedRoot(text)) {
      findings.ask(`${named(name)} deletes all of ${named(text)}`);
    }
    if (!isOfTree) continue;
    const isKnownPlace = isKnown || BELOW_HOME.test(text);
    const isSpread = isPattern && /^\/?[[{]/.test(text) && !/^\{[\w,-]+\}/.test(text);
    if (!isKnownPlace || isSpread) {
      findings.ask(`${named(name)} deletes a tree whose place is not known`);
    }
  }
}

function judgeDelete({ name, args }: Command, { findings }: Scene): void {
  findings.addDeletion({ ofTree: false });
  for (const { text } of operandsOf(args)) {
    if (isSystemPath(text)) findings.ask(`${named(name)} deletes ${named(text)}`);
  }
}

/** Without a folder it goes home. */
function judgeEnter({ args }: Command, { findings }: Scene): void {
  const [folder] = operandsOf(args);
  if (folder === undefined || !folder.isKnown || isProtectedStart(folder.text)) {
    findings.enterProtected();
  }
}

function judgeRights({ name, args }: Command, { findings }: Scene): void {
  for (const { text } of operandsOf(args)) {
    if (isRecursive(args) && isProtectedStart(text)) {
      findings.ask(`${named(name)} changes the rights of all of ${named(text)}`);
    } else if (isSensitivePath(text)) {
      findings.warn(`${named(name)} changes the rights of ${named(text)}`);
    }
  }
}

function judgeWriteAll({ args }: Command, scene: Scene): void {
  for (const word of operandsOf(args)) judgeTarget(word, scene);
}

function judgeLast({ args }: Command, scene: Scene): void {
  const operands = operandsOf(args);
  for (const word of operands.length > 1 ? operands.slice(-1) : []) judgeTarget(word, scene);
}

/** The last operand is written, or what `-t` names. */
function judgeCopy(command: Command, scene: Scene): void {
  const { args } = command;
  judgeLast(command, scene);
  const at = args.findIndex((word) =>
    isShortOption(word, "t") || isLongOption(word, "target-directory")
  );
  for (const word of at < 0 ? [] : args.slice(at, at + 2)) {
    const text = word.text.replace(/^(--[a-z-]+=|-[a-zA-Z]*t)/, "");
    judgeTarget({ ...word, text }, scene);
  }
}

function judgeDd({ args }: Command, scene: Scene): void {
  for (const { text, ...word } of args) {
    if (text.startsWith("of=")) judgeTarget({ ...word, text: text.slice(3) }, scene);
  }
}

function judgeTarget({ text }: Word, { findings }: Scene): void {
  if (isSystemPath(text)) findings.ask(`writes to ${named(text)}`);
}

/** `find roots… tests and actions`. */
function judgeFind({ name, args }: Command, scene: Scene): void {
  const { findings } = scene;
  args.forEach(({ text }, index) => {
    if (text === "-delete") findings.addDeletion({ ofTree: true });
    const [next] = args.slice(index + 1);
    if (/^-f(print|ls)/.test(text) && next !== undefined) judgeTarget(next, scene);
    if (/^-(exec|ok)(dir)?$/.test(text)) judgeAction(args.slice(index + 1), scene);
  });
  const rootCount = args.findIndex(({ text }) => /^[-(!]/.test(text));
  const roots = rootCount < 0 ? args : args.slice(0, rootCount);
  const isAnywhere = roots.some(({ text, isKnown }) => !isKnown || isProtectedStart(text));
  if (isAnywhere && findings.hasDeletion) {
    findings.ask(`${named(name)} deletes in a place that must not be lost`);
  }
}

/** Up to `;` or `+`; `{}` is something below the folders that are searched. */
function judgeAction(words: readonly Word[], scene: Scene): void {
  const end = words.findIndex(({ text }) => text === ";" || text === "+");
  const [program, ...args] = end < 0 ? words : words.slice(0, end);
  if (program === undefined) return;
  scene.findings.warn("runs a command for each file that is found");
  const found = args.map((word) => word.text === "{}" ? plainWord("./{}") : word);
  scene.judgeWords([program, ...found], { ...scene, stdin: { type: "inherited" } });
}
