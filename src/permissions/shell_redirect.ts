// What redirections bring to a command: where it reads from, and words that stand behind them.
import type { Stdin } from "./shell_scene.ts";
import type { ShellNode } from "./shell_tree.ts";
import { wordOf } from "./shell_word.ts";

/** The parser takes `-rf /` of `rm >file -rf /` for files as well; they are words of the command. */
export function wordsBehind({ type, children }: ShellNode): readonly ShellNode[] {
  if (type === "file_redirect") return filesOf(children).slice(1);
  if (type !== "heredoc_redirect") return [];
  return children.flatMap((child) => child.field === "argument" ? [child] : wordsBehind(child));
}

export function filesOf(children: readonly ShellNode[]): readonly ShellNode[] {
  return children.filter(({ isNamed, type }) => isNamed && type !== "file_descriptor");
}

/** The node, its last command with more words; undefined when it does not end in a command. */
export function withWords(node: ShellNode, words: readonly ShellNode[]): ShellNode | undefined {
  const { type, children } = node;
  if (type === "command") return { ...node, children: [...children, ...words] };
  const last = children.at(-1);
  if (!/^(list|pipeline|negated_command)$/.test(type) || last === undefined) return undefined;
  const whole = withWords(last, words);
  return whole && { ...node, children: [...children.slice(0, -1), whole] };
}

/** What the last redirection of stdin gives; undefined if there is none. */
export function stdinOf(nodes: readonly ShellNode[]): Stdin | undefined {
  return nodes.map(stdinFrom).findLast((stdin) => stdin !== undefined);
}

function stdinFrom(node: ShellNode): Stdin | undefined {
  switch (node.type) {
    case "heredoc_redirect":
      return heredocOf(node);
    case "herestring_redirect": {
      const word = node.children.filter(({ isNamed }) => isNamed).map(wordOf).at(-1);
      return { type: "text", text: word?.text ?? "", isKnown: word?.isKnown ?? false };
    }
    case "file_redirect": {
      if (!node.children.some(({ type }) => type === "<" || type === "<&")) return undefined;
      const hasSubstitution = node.children.map(wordOf).some((word) => word.hasSubstitution);
      return { type: hasSubstitution ? "pipe" : "file" };
    }
    default:
      return undefined;
  }
}

function heredocOf({ children }: ShellNode): Stdin {
  const isQuoted = children.some(({ type, text }) =>
    type === "heredoc_start" && /['"\\]/.test(text)
  );
  const body = children.find(({ type }) => type === "heredoc_body");
  const expands = body?.children.some(({ type }) => type !== "heredoc_content") ?? false;
  const hasEscapes = body?.text.includes("\\") ?? false;
  return {
    type: "text",
    text: body?.text ?? "",
    isKnown: isQuoted || (!expands && !hasEscapes),
  };
}
