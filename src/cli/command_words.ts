// A command line as words, for a program that is started without a shell. Pure.

export type CommandWords =
  | { readonly type: "words"; readonly words: readonly [program: string, ...args: string[]] }
  /** What is wrong, without any of the text. */
  | { readonly type: "bad"; readonly why: string };

/**
 * Words end at blanks; `'…'` is literal, in `"…"` a backslash takes the meaning of `"` and `\`,
 * elsewhere that of any character. Nothing is expanded: what a shell would act on must be quoted.
 */
export function splitCommand(text: string): CommandWords {
  const words: string[] = [];
  for (let rest = text.trim(); rest !== ""; rest = rest.trimStart()) {
    const word = WORD.exec(rest)?.[0] ?? "";
    rest = rest.slice(word.length);
    if (/^\S/.test(rest)) return { type: "bad", why: whyNot(rest.charAt(0)) };
    words.push(word.replace(PIECE, unquoted));
  }
  const [program, ...args] = words;
  if (program) return { type: "words", words: [program, ...args] };
  return { type: "bad", why: "expected a program" };
}

const PLAIN = String.raw`[^\s'"\\$\x60|&;<>()*?[\]{}~#!]`;
const LITERAL = "'[^']*'";
const QUOTED = String.raw`"(?:[^"\\$\x60]|\\.)*"`;
const ESCAPED = String.raw`\\.`;
/** `~`, `#` and `!` mean something to a shell only where a word begins. */
const WORD = new RegExp(`^(?:${PLAIN}|${LITERAL}|${QUOTED}|${ESCAPED}|(?<=.)[~#!])+`, "su");
const PIECE = new RegExp(`${LITERAL}|${QUOTED}|${ESCAPED}`, "gsu");

function unquoted(piece: string): string {
  if (piece.startsWith("'")) return piece.slice(1, -1);
  if (piece.startsWith('"')) return piece.slice(1, -1).replace(/\\(["\\$`])/g, "$1");
  return piece.slice(1);
}

function whyNot(character: string): string {
  if (character === "'" || character === '"') return "a quotation has no end, or $ or ` in it";
  if (character === "\\") return "a backslash is last";
  return `no shell reads it, so ${character} must stand in '…'`;
}
