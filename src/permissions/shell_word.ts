// A word of a command line: what it says once quotes and escapes are gone, and what only a run tells.
import type { ShellNode } from "./shell_tree.ts";

export type Word = {
  /** Without quotes and escapes; what depends on the run stands as it was written. */
  readonly text: string;
  /** False when a variable or a substitution is part of it. */
  readonly isKnown: boolean;
  /** Whether a substitution, of whatever kind, is part of it. */
  readonly hasSubstitution: boolean;
  /** Whether unquoted wildcards or braces may make other words of it. */
  readonly isPattern: boolean;
};

export function plainWord(text: string): Word {
  return { text, isKnown: true, hasSubstitution: false, isPattern: false };
}

/** One word with what all of them say, `separator` between them. */
export function joinWords(words: readonly Word[], separator: string): Word {
  return {
    text: words.map(({ text }) => text).join(separator),
    isKnown: words.every(({ isKnown }) => isKnown),
    hasSubstitution: words.some(({ hasSubstitution }) => hasSubstitution),
    isPattern: words.some(({ isPattern }) => isPattern),
  };
}

export function wordOf(node: ShellNode): Word {
  switch (node.type) {
    case "command_name":
    case "concatenation":
      return joinWords(node.children.map(wordOf), "");
    case "raw_string":
      return plainWord(node.text.slice(1, -1));
    case "ansi_c_string":
      return plainWord(unescapeAnsi(node.text.slice(2, -1)));
    case "string":
      return doubleQuoted(node);
    case "word":
    case "number":
    case "variable_name":
    case "regex":
    case "extglob_pattern":
      return node.children.length > 0 ? unknown(node) : unquoted(node.text);
    default:
      return node.isNamed ? unknown(node) : unquoted(node.text);
  }
}

function unknown(node: ShellNode): Word {
  const isPattern = node.type === "brace_expression";
  return { text: node.text.trim(), isKnown: false, hasSubstitution: substitutes(node), isPattern };
}

function unquoted(text: string): Word {
  const isPattern = /[*?[\]{}]/.test(text.replaceAll(/\\./gs, ""));
  return { ...plainWord(text.replaceAll(/\\(\n|.)/gs, unescaped)), isPattern };
}

function unescaped(_: string, character: string): string {
  return character === "\n" ? "" : character;
}

function doubleQuoted(node: ShellNode): Word {
  const text = node.text.slice(1, -1);
  const isKnown = node.children.every(({ type, isNamed }) => !isNamed || type === "string_content");
  if (!isKnown) return { ...unknown(node), text };
  return plainWord(text.replaceAll(/\\([$`"\\\n])/g, unescaped));
}

function substitutes({ type, children }: ShellNode): boolean {
  return type === "command_substitution" || type === "process_substitution" ||
    children.some(substitutes);
}

const ANSI_ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unescapeAnsi(text: string): string {
  const escape = /\\(?:x([\da-f]{1,2})|u([\da-f]{1,4})|U([\da-f]{1,8})|([0-7]{1,3})|c(.)|(.))/gis;
  return text.replaceAll(escape, (_, x, u, U, octal, control, other) => {
    const hex = x ?? u ?? U;
    if (hex !== undefined) return characterOf(Number.parseInt(hex, 16));
    if (octal !== undefined) return characterOf(Number.parseInt(octal, 8) & 0xff);
    if (control !== undefined) return characterOf(control.charCodeAt(0) & 0x1f);
    return ANSI_ESCAPES[other] ?? other;
  });
}

function characterOf(code: number): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}
