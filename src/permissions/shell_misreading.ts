// Where the grammar of bash reads a line otherwise than bash does: signs of it, found in the tree.
import type { ShellNode } from "./shell_tree.ts";

/** Between their parts stands text of their own. */
const WITH_TEXT = new Set(["arithmetic_expansion", "expansion", "heredoc_body", "string"]);
/** Texts in which bash sees what the grammar takes for letters. */
const UNQUOTED = new Set(["extglob_pattern", "regex", "word"]);

/** Why the line may mean something else than its tree; undefined when nothing speaks for it. */
export function misreading(node: ShellNode, source: string): string | undefined {
  const why = misreadingOf(node, source);
  if (why !== undefined) return why;
  for (const child of node.children) {
    const inner = misreading(child, source);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function misreadingOf(node: ShellNode, source: string): string | undefined {
  const { type, isNamed, text, children } = node;
  if (!WITH_TEXT.has(type) && !isCovered(node, source)) return "a part of it was left out";
  if (UNQUOTED.has(type) && children.length === 0 && /`|[$<>]\(/.test(unescaped(text))) {
    return "a substitution in a plain word";
  }
  if (type === "word" && unescaped(text).includes("\n")) return "a line that ends in a word";
  if (!isNamed && /`.*`/s.test(text)) return "substitutions side by side";
  if (type === "heredoc_redirect" && !isReadHeredoc(node)) return "a heredoc";
  return undefined;
}

/** A lone `-` before a redirection is left out as well; it says no more than that stdin is read. */
const BLANK = /^(\s|\\\n)*(\s-\s+)?$/;

/** Whether nothing but blanks stands between the parts. */
function isCovered({ type, start, end, children }: ShellNode, source: string): boolean {
  if (children.length === 0) return true;
  const [from, to] = type === "program" ? [0, source.length] : [start, end];
  const ends = [from, ...children.map((child) => child.end)];
  const starts = [...children.map((child) => child.start), to];
  return starts.every((next, index) => BLANK.test(source.slice(ends[index], next)));
}

/** The grammar takes `E;` for the end word of `<<E; ls`, and sees no backtick in the text. */
function isReadHeredoc({ children }: ShellNode): boolean {
  const [start] = children.filter(({ type }) => type === "heredoc_start");
  const [body] = children.filter(({ type }) => type === "heredoc_body");
  if (start === undefined || !END_WORD.test(start.text)) return false;
  return !/^\w/.test(start.text) || !unescaped(body?.text ?? "").includes("`");
}

const END_WORD = /^(\w+|'[\w .-]+'|"[\w .-]+"|\\\w+)$/;

function unescaped(text: string): string {
  return text.replaceAll(/\\./gs, "");
}
