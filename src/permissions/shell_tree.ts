// The syntax tree of a command line as plain data, so that who reads it needs no parser.
import type { Tree, TreeCursor } from "web-tree-sitter";

export type ShellNode = {
  readonly type: string;
  /** False for keywords, operators and quotes. */
  readonly isNamed: boolean;
  readonly text: string;
  /** Where it starts and ends in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** What it is to its parent: `destination`, `body` and the like. */
  readonly field: string | undefined;
  readonly children: readonly ShellNode[];
};

/** Counts down over all trees of one analysis. */
export type NodeBudget = { left: number };

/** Chains of `&&` nest as well, one deeper for each. */
const MAX_DEPTH = 200;

/** Undefined when it is too large or too deep. */
export function readTree(
  tree: Tree,
  { source, budget }: { readonly source: string; readonly budget: NodeBudget },
): ShellNode | undefined {
  const cursor = tree.walk();
  try {
    return readNode(cursor, { source, budget, depth: 0 });
  } finally {
    cursor.delete();
  }
}

type Reading = { readonly source: string; readonly budget: NodeBudget; readonly depth: number };

function readNode(cursor: TreeCursor, reading: Reading): ShellNode | undefined {
  const { source, budget, depth } = reading;
  if (--budget.left < 0 || depth > MAX_DEPTH) return undefined;
  const { nodeType: type, nodeIsNamed: isNamed, startIndex: start, endIndex: end } = cursor;
  const field = cursor.currentFieldName ?? undefined;
  const children: ShellNode[] = [];
  if (cursor.gotoFirstChild()) {
    do {
      const child = readNode(cursor, { ...reading, depth: depth + 1 });
      if (child === undefined) return undefined;
      children.push(child);
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return { type, isNamed, text: source.slice(start, end), start, end, field, children };
}
