// Programs that run code: where they take it from, and whether it can be read beforehand.
import { named } from "./shell_findings.ts";
import { firstOperand } from "./shell_options.ts";
import type { Judge, Scene } from "./shell_scene.ts";
import { judgeShellText } from "./shell_text.ts";
import { plainWord, type Word } from "./shell_word.ts";

const SHELLS = ["ash", "bash", "dash", "fish", "ksh", "mksh", "rbash", "sh", "zsh"];

type Language = {
  /** Options whose value is code. */
  readonly code: RegExp;
  /** Short options with a value that is no code. */
  readonly short?: string;
};

const JAVASCRIPT: Language = { code: /^(-[a-z]*[ep]|--(eval|print)(=.*)?)$/s, short: "rC" };
const PERL: Language = { code: /^-[a-zA-Z0-9]*[eE]/, short: "I" };
const PYTHON: Language = { code: /^-[a-zA-Z]*c/, short: "mWX" };
const RUBY: Language = { code: /^-[a-z]*e/, short: "rIC" };

const LANGUAGES: Readonly<Record<string, Language>> = {
  bun: JAVASCRIPT,
  deno: { code: /^eval$/ },
  lua: RUBY,
  node: JAVASCRIPT,
  nodejs: JAVASCRIPT,
  osascript: RUBY,
  perl: PERL,
  php: { code: /^-[rBRE]/, short: "dcz" },
  pwsh: { code: /^-[a-z]*c/i },
  python: PYTHON,
  python2: PYTHON,
  python3: PYTHON,
  rscript: RUBY,
  ruby: RUBY,
  tclsh: { code: /^$/ },
};

/** Each by its program's name. */
export const interpreters: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...SHELLS.map((name) => [name, judgeShell] as const),
  ...Object.entries(LANGUAGES).map(([name, language]) =>
    [name, (command, scene) => judgeLanguage({ ...command, language }, scene)] satisfies [
      string,
      Judge,
    ]
  ),
]);

/** `bash [options] [-c text | script] …`; without either it reads commands from stdin. */
function judgeShell({ name, args }: Parameters<Judge>[0], scene: Scene): void {
  const { findings } = scene;
  const at = firstOperand(args, { short: "oO", long: ["rcfile", "init-file"] });
  const options = args.slice(0, at);
  if (options.some(({ text }) => /^--(rcfile|init-file)/.test(text))) {
    findings.ask(`${named(name)} loads a file of its own choice first`);
  }
  if (options.some(({ text, isKnown }) => isKnown && /^-[a-zA-Z]*c/.test(text))) {
    return judgeShellText(args[at], scene);
  }
  const readsStdin = args[at] === undefined ||
    options.some(({ text }) => /^-[a-zA-Z]*s/.test(text));
  if (readsStdin) return judgeShellStdin(name, scene);
  judgeScript({ name, script: args[at] }, scene);
}

function judgeShellStdin(name: string, scene: Scene): void {
  const { findings, stdin } = scene;
  switch (stdin.type) {
    case "pipe":
      return findings.ask(`${named(name)} runs what is piped into it`);
    case "text":
      return judgeShellText({ ...plainWord(stdin.text), isKnown: stdin.isKnown }, scene);
    case "file":
    case "inherited":
      return findings.warn(`${named(name)} runs what it reads`);
  }
}

function judgeScript(
  { name, script }: { readonly name: string; readonly script: Word | undefined },
  { findings, stdin }: Scene,
): void {
  if (script === undefined) return;
  if (!script.isKnown) return findings.ask(`${named(name)} runs a file that is not known`);
  if (/^(-|\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0)$/.test(script.text)) {
    if (stdin.type === "pipe") findings.ask(`${named(name)} runs what is piped into it`);
    return findings.warn(`${named(name)} runs what it reads`);
  }
  findings.warn(`${named(name)} runs a script`);
}

function judgeLanguage(
  { name, args, language }: Parameters<Judge>[0] & { readonly language: Language },
  scene: Scene,
): void {
  const { findings } = scene;
  const at = firstOperand(args, { short: language.short ?? "" });
  const codeAt = args.findIndex(({ text }, index) => index <= at && language.code.test(text));
  if (codeAt >= 0) {
    findings.warn(`${named(name)} runs code from its arguments`);
    const code = args.slice(codeAt, codeAt + 2);
    if (code.some(({ hasSubstitution }) => hasSubstitution)) {
      findings.ask(`${named(name)} runs code that is not known`);
    }
    return;
  }
  const options = args.slice(0, at).map(({ text }) => text);
  if (options.some((text) => /^-m|^--?(version|help)$|^-[vVh]$/.test(text))) return;
  judgeScript({ name, script: args[at] ?? plainWord("-") }, scene);
}
