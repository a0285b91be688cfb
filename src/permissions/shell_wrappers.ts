// Programs that run the command which follows their own options: what is left when they are taken off.
import { judgeAssignment } from "./shell_assignment.ts";
import { named } from "./shell_findings.ts";
import { firstOperand, type OptionShape } from "./shell_options.ts";
import type { Judge, Scene } from "./shell_scene.ts";
import { judgeShellText } from "./shell_text.ts";
import { joinWords, type Word } from "./shell_word.ts";

type Wrapper = OptionShape & {
  /** Operands before the command. */
  readonly operands?: number;
  /** Why it is asked about, whatever it runs. */
  readonly why?: string;
};

const PRIVILEGES = "raises privileges";
const ELSEWHERE = "changes where or as whom a program runs";

const SHAPES: Readonly<Record<string, Wrapper>> = {
  busybox: {},
  chroot: { operands: 1, why: ELSEWHERE },
  chrt: { short: "TPD", operands: 1 },
  command: { why: "makes the shell run or redefine something" },
  doas: { short: "uC", why: PRIVILEGES },
  flock: { short: "wE", operands: 1 },
  gosu: { operands: 1, why: PRIVILEGES },
  ionice: { short: "cnpPu", long: ["class", "classdata"] },
  ltrace: { short: "aeosup" },
  nice: { short: "n", long: ["adjustment"] },
  nohup: {},
  nsenter: { short: "tSG", why: ELSEWHERE },
  pkexec: { long: ["user"], why: PRIVILEGES },
  run0: { short: "ugD", long: ["user", "group", "chdir"], why: PRIVILEGES },
  setpriv: { why: ELSEWHERE },
  setsid: {},
  stdbuf: { short: "ioe", long: ["input", "output", "error"] },
  strace: { short: "abeIoOpPsSuXE" },
  "su-exec": { operands: 1, why: PRIVILEGES },
  sudo: {
    short: "CDghpRrTtUu",
    long: ["user", "group", "host", "prompt", "chdir", "chroot", "role", "type", "other-user"],
    why: PRIVILEGES,
  },
  taskset: { operands: 1 },
  time: { short: "fo", long: ["format", "output"] },
  timeout: { short: "ks", long: ["kill-after", "signal"], operands: 1 },
  toybox: {},
  unbuffer: {},
  unshare: { short: "SG", why: ELSEWHERE },
};

/** Each by its program's name. */
export const wrappers: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ...Object.keys(SHAPES).map((name) => [name, judgeWrapper] as const),
  ["env", judgeEnv],
  ["watch", judgeWatch],
  ["xargs", judgeXargs],
]);

function judgeWrapper({ name, args }: Parameters<Judge>[0], scene: Scene): void {
  const { operands = 0, why, ...shape } = SHAPES[name] ?? {};
  // `command -v ls` only looks a name up.
  if (name === "command" && /^-[vV]$/.test(args[0]?.text ?? "")) return;
  if (why !== undefined) scene.findings.ask(`${named(name)} ${why}`);
  judgeRest(args.slice(firstOperand(args, shape) + operands), scene);
}

/** A shell word for `-c` stands where a command might: `flock file -c text`. */
function judgeRest(rest: readonly Word[], scene: Scene): void {
  const [first, text] = rest;
  if (first === undefined) return;
  if (first.text !== "-c") return scene.judgeWords(rest, scene);
  judgeShellText(text, scene);
}

function judgeEnv({ args }: Parameters<Judge>[0], scene: Scene): void {
  const text = splitString(args);
  if (text !== undefined) return judgeShellText(text, scene);
  let at = firstOperand(args, { short: "uC", long: ["unset", "chdir", "argv0"] });
  for (; at < args.length; at++) {
    const word = args[at];
    const equals = word?.text.indexOf("=") ?? -1;
    if (word === undefined || equals < 1) break;
    const value = { ...word, text: word.text.slice(equals + 1) };
    judgeAssignment({ name: word.text.slice(0, equals), value }, scene);
  }
  judgeRest(args.slice(at), scene);
}

/** `env -S 'a b' c` runs `a b c`. */
function splitString(args: readonly Word[]): Word | undefined {
  const at = args.findIndex(({ text }) => /^(-[a-z0]*S|--s)/.test(text));
  const option = args[at];
  if (option === undefined) return undefined;
  const beside = option.text.replace(/^(-[a-z0]*S|--[a-z-]+=?)/, "");
  const rest = args.slice(at + 1);
  return joinWords(beside === "" ? rest : [{ ...option, text: beside }, ...rest], " ");
}

function judgeWatch({ args }: Parameters<Judge>[0], scene: Scene): void {
  const words = args.slice(firstOperand(args, { short: "nq", long: ["interval", "equexit"] }));
  if (words.length > 0) judgeShellText(joinWords(words, " "), scene);
}

const XARGS: OptionShape = {
  short: "adEILnPs",
  long: ["arg-file", "delimiter", "max-args", "max-procs", "max-lines", "max-chars", "replace"],
};

/** What it adds to the command comes from outside: no argument is the last one that is known. */
function judgeXargs({ args }: Parameters<Judge>[0], scene: Scene): void {
  const words = args.slice(firstOperand(args, XARGS));
  if (words.length === 0) return;
  const added: Word = {
    text: "$ARGUMENTS",
    isKnown: false,
    hasSubstitution: false,
    isPattern: false,
  };
  scene.judgeWords([...words, added], { ...scene, stdin: { type: "inherited" } });
}
