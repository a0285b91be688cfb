// Shell commands that make system calls: by perl, or by python3 where there is no perl.
import { quoted } from "./steps.ts";

type Argument = number | string;

/** The refusals of the cage; any other answer comes from the call itself. */
const REFUSALS = [1, 13, 38]; // EPERM, EACCES, ENOSYS
/** Beside them: what it aims at cannot be seen from here. */
const NOT_THERE = [2, 3]; // ENOENT, ESRCH

/** Undefined where the architecture has no such call. */
export type CallNumber = {
  readonly x86_64: number | undefined;
  readonly aarch64: number | undefined;
};

export function call(x86_64: number | undefined, aarch64 = x86_64): CallNumber {
  return { x86_64, aarch64 };
}

/**
 * Makes one call with arguments that do no harm wherever it is let, and prints REACHED with the
 * result unless it was refused. A text is passed by its address, with a zero byte at its end.
 */
export function rawCall(number: CallNumber, ...args: readonly Argument[]): string {
  return callText(number, args, REFUSALS);
}

/** The same, aimed at another process or file: where that cannot be seen it was refused as well. */
export function rawCallAt(number: CallNumber, ...args: readonly Argument[]): string {
  return callText(number, args, [...REFUSALS, ...NOT_THERE]);
}

function callText(
  number: CallNumber,
  args: readonly Argument[],
  refusals: readonly number[],
): string {
  const value = number[Deno.build.arch === "aarch64" ? "aarch64" : "x86_64"];
  if (value === undefined) return "exit 127";
  const perl = [
    ...args.map((arg, index) => `my $a${index} = ${perlValue(arg)};`),
    `my $r = syscall(${[value, ...args.map((_, index) => `$a${index}`)].join(", ")});`,
    `my $e = $! + 0;`,
    `print "REACHED result $r errno $e\\n" unless $r == -1 and grep { $_ == $e } (${
      refusals.join(", ")
    });`,
  ].join(" ");
  const python = [
    "import ctypes",
    "l = ctypes.CDLL(None, use_errno=True)",
    `r = l.syscall(${[value, ...args.map(pythonValue)].map(String).join(", ")})`,
    "e = ctypes.get_errno()",
    `print("REACHED result", r, "errno", e) if r != -1 or e not in (${
      refusals.join(", ")
    }) else None`,
  ].join("\n");
  return eitherOf(perl, python);
}

/** Runs the one that there is an interpreter for. */
export function eitherOf(perl: string, python: string): string {
  return `if command -v perl >/dev/null; then perl -e ${quoted(perl)}; ` +
    `else python3 -c ${quoted(python)}; fi`;
}

function perlValue(arg: Argument): string {
  return typeof arg === "number" ? `${arg}` : `"${perlText(arg)}\\x00"`;
}

/** Everything that perl or the shell might take for something else by its number. */
function perlText(text: string): string {
  return text.replace(/[^\w./ -]/g, (it) => `\\x${it.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function pythonValue(arg: Argument): string {
  return typeof arg === "number"
    ? `ctypes.c_long(${arg})`
    : `ctypes.c_char_p(${JSON.stringify(arg)}.encode())`;
}
