// From the syntax tree of a command line to its commands: structure here, each command elsewhere.
import { judgeAssignment } from "./shell_assignment.ts";
import { judgeCommand } from "./shell_command.ts";
import { named } from "./shell_findings.ts";
import { isSystemPath } from "./shell_paths.ts";
import { filesOf, stdinOf, withWords, wordsBehind } from "./shell_redirect.ts";
import type { Scene } from "./shell_scene.ts";
import type { ShellNode } from "./shell_tree.ts";
import { plainWord, type Word, wordOf } from "./shell_word.ts";

type WalkScene = Omit<Scene, "judgeWords"> & {
  /** The text the tree was read from. */
  readonly source: string;
};

/** Nodes that mean no more than what is in them. */
const STRUCTURE = new Set([
  "ansi_c_string",
  "array",
  "binary_expression",
  "case_item",
  "command_name",
  "comment",
  "concatenation",
  "do_group",
  "elif_clause",
  "else_clause",
  "extglob_pattern",
  "file_descriptor",
  "heredoc_content",
  "heredoc_end",
  "heredoc_start",
  "herestring_redirect",
  "list",
  "negated_command",
  "number",
  "parenthesized_expression",
  "postfix_expression",
  "program",
  "raw_string",
  "redirected_statement",
  "regex",
  "simple_expansion",
  "special_variable_name",
  "string",
  "string_content",
  "ternary_expression",
  "test_operator",
  "translated_string",
  "unary_expression",
  "variable_assignments",
  "variable_name",
  "word",
]);

/** Nodes worth a warning, in words. */
const WARNED: ReadonlyMap<string, string> = new Map([
  ["arithmetic_expansion", "arithmetic"],
  ["brace_expression", "braces"],
  ["c_style_for_statement", "control flow"],
  ["case_statement", "control flow"],
  ["command_substitution", "a substitution"],
  ["compound_statement", "a group"],
  ["expansion", "an expansion"],
  ["for_statement", "control flow"],
  ["heredoc_body", "a heredoc"],
  ["if_statement", "control flow"],
  ["subscript", "an array"],
  ["subshell", "a subshell"],
  ["test_command", "a test"],
  ["unset_command", "an unset"],
  ["while_statement", "control flow"],
]);

/** In these bash runs substitutions that it finds in the text of variables. */
const EVALUATING = new Set([
  "arithmetic_expansion",
  "c_style_for_statement",
  "subscript",
  "test_command",
  "unset_command",
]);

/** Tells the scene's findings of every command in the tree. */
export function walkShell(node: ShellNode, scene: WalkScene): void {
  const { findings } = scene;
  switch (node.type) {
    case "command":
      return walkCommand(node, scene);
    case "pipeline":
      return walkPipeline(node, scene);
    case "variable_assignment":
      walkAssignment(node, scene);
      return walkChildren(node, scene);
    case "declaration_command":
      walkDeclaration(node, scene);
      return walkChildren(node, scene);
    case "file_redirect":
      walkRedirect(node, scene);
      return walkChildren(node, scene);
    case "redirected_statement":
      return walkRedirected(node, scene);
    case "heredoc_redirect":
      findings.warn("uses a heredoc");
      return walkChildren(node, scene);
    case "function_definition":
      findings.warn("uses a function");
      // Whoever calls it may pipe into it.
      return walkChildren(node, { ...scene, stdin: { type: "pipe" } });
    case "process_substitution":
      findings.warn("uses a substitution");
      return walkChildren(node, { ...scene, stdin: { type: "pipe" } });
  }
  const what = WARNED.get(node.type);
  if (what !== undefined) findings.warn(`uses ${what}`);
  else if (!STRUCTURE.has(node.type)) findings.ask(`not understood: ${named(node.type)}`);
  if (EVALUATING.has(node.type) || node.children.some(({ type }) => type === "((")) {
    findings.addEvaluation();
  }
  if (isPromptExpansion(node)) findings.ask("expands a variable as a prompt, which runs commands");
  if (/^(raw_string|ansi_c_string|string)$/.test(node.type) && /\$\(|`/.test(wordOf(node).text)) {
    findings.addQuotedSubstitution();
  }
  walkChildren(node, scene);
}

function walkChildren({ children }: ShellNode, scene: WalkScene): void {
  for (const child of children) if (child.isNamed) walkShell(child, scene);
}

/** `${x@P}`. */
function isPromptExpansion({ type, children }: ShellNode): boolean {
  return type === "expansion" &&
    children.some((child, index) =>
      !child.isNamed && child.type === "@" && children[index + 1]?.text === "P"
    );
}

function walkPipeline({ children }: ShellNode, scene: WalkScene): void {
  const pipe: WalkScene = { ...scene, stdin: { type: "pipe" } };
  let isFirst = true;
  for (const child of children) {
    if (!child.isNamed && child.type.startsWith("|")) isFirst = false;
    if (child.isNamed) walkShell(child, isFirst ? scene : pipe);
  }
}

/** A redirected body reads from the last redirection of its stdin. */
function walkRedirected({ children }: ShellNode, scene: WalkScene): void {
  const isRedirect = ({ type }: ShellNode) => type.endsWith("_redirect");
  for (const redirect of children.filter(isRedirect)) walkShell(redirect, scene);
  const [body] = children.filter((child) => child.isNamed && !isRedirect(child));
  const words = children.flatMap(wordsBehind);
  const whole = body === undefined || words.length === 0 ? body : withWords(body, words);
  if (words.length > 0 && whole === undefined) {
    scene.findings.ask("not understood: words behind a redirection");
  }
  if (whole === undefined) return;
  walkShell(whole, { ...scene, stdin: stdinOf(children) ?? scene.stdin });
}

function walkCommand(node: ShellNode, scene: WalkScene): void {
  const { findings } = scene;
  const isWord = ({ type }: ShellNode) => !/_redirect$|^variable_assignment$/.test(type);
  const parts = [...node.children.filter(isWord), ...node.children.flatMap(wordsBehind)];
  if (!areApart(parts, scene.source)) {
    return findings.ask("not understood: words that run into each other");
  }
  if (parts.some(({ type }) => type === "subshell")) {
    findings.ask("not understood: a subshell among the words of a command");
  }
  const stdin = stdinOf(node.children) ?? scene.stdin;
  const words = parts.map(wordOf);
  if (words.length > 0) judgeWords(words, { ...scene, stdin, judgeWords });
  walkChildren(node, scene);
}

function judgeWords(words: readonly Word[], scene: Scene): void {
  judgeCommand(words, scene);
}

/** The parser takes `r\⏎m` for two words; bash does not. */
function areApart(parts: readonly ShellNode[], source: string): boolean {
  return parts.every((part, index) => {
    const before = parts[index - 1];
    if (before === undefined) return true;
    const gap = source.slice(before.end, part.start).replaceAll("\\\n", "");
    if (gap.includes("\n")) return false;
    // A redirection may stand between two words.
    return /^\s/.test(gap) || /[<>].*\s$/s.test(gap);
  });
}

function walkAssignment({ children }: ShellNode, { findings, judgeText }: WalkScene): void {
  const [name, , ...value] = children;
  const word = value[0] === undefined ? plainWord("") : wordOf(value[0]);
  judgeAssignment({ name: name?.text ?? "", value: word }, { findings, judgeText });
}

/** `export "A=b"`: here an assignment need not look like one. */
function walkDeclaration({ children }: ShellNode, { findings, judgeText }: WalkScene): void {
  for (const child of children) {
    if (!child.isNamed || child.type === "variable_assignment") continue;
    const { text, ...word } = wordOf(child);
    const at = text.indexOf("=");
    if (at < 0 && !word.isKnown) findings.warn("declares a variable whose name is not known");
    if (at < 0) continue;
    const value = { ...word, text: text.slice(at + 1) };
    judgeAssignment({ name: text.slice(0, at), value }, { findings, judgeText });
  }
}

function walkRedirect({ children }: ShellNode, { findings }: WalkScene): void {
  const operator = children.find(({ isNamed }) => !isNamed)?.type ?? "";
  const [target] = filesOf(children);
  if (target === undefined) return;
  const { text, isKnown, isPattern } = wordOf(target);
  if (/^\/dev\/(tcp|udp)\//.test(text)) return findings.ask(`connects to ${named(text)}`);
  if (!operator.includes(">")) return;
  if (isSystemPath(text)) return findings.ask(`writes to ${named(text)}`);
  if (!isKnown || isPattern) findings.warn("writes to a file whose name is not known");
}
