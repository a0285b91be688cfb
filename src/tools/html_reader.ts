// HTML by way of html-to-text: the part of it that we use, with bounds on its work.
import type { DomNode, FormatCallback, SelectorDefinition } from "html-to-text";
import type { Pace } from "./pace.ts";

export type HtmlRules = {
  /** `format` is a name of `formatters` or one of html-to-text's own. */
  readonly selectors: readonly SelectorDefinition[];
  readonly formatters: Readonly<Record<string, FormatCallback>>;
};

export type HtmlText = {
  readonly text: string;
  /** Whether there was more of it. */
  readonly isCut: boolean;
};

export type HtmlReading = {
  /** As much text as is wanted; there may be a little more. */
  readonly enough: number;
  readonly pace: Pace;
};

/** The parser's time grows with the square of the depth: so it takes a fraction of a second. */
const PIECE = 50_000;
const MAX_DEPTH = 200;

/** Loads the library at the first page. Rejects with the abort reason and with nothing else. */
export async function readHtml(
  html: string,
  { selectors, formatters }: HtmlRules,
  { enough, pace }: HtmlReading,
): Promise<HtmlText> {
  const { compile } = await import("html-to-text");
  const convert = compile({
    selectors: [...selectors],
    formatters,
    wordwrap: false,
    limits: { maxDepth: MAX_DEPTH, ellipsis: "…" },
  });
  let text = "";
  let rest = withoutUnshown(html);
  while (rest !== "" && text.length < enough && !pace.isOver) {
    const end = pieceEnd(rest);
    const part = convert(rest.slice(0, end));
    text += text === "" ? part : `\n${part}`;
    rest = rest.slice(end);
    await pace.rest();
  }
  return { text, isCut: rest !== "" };
}

const BLOCK = /<(?:p|div|li|tr|h[1-6]|section|article)(?=[\s>])/gi;

/** Where the next piece ends: before a block, if there is one near. */
function pieceEnd(html: string): number {
  if (html.length <= PIECE) return html.length;
  const from = PIECE / 2;
  const last = [...html.slice(from, PIECE).matchAll(BLOCK)].at(-1);
  return last ? from + last.index : Math.max(html.lastIndexOf("<", PIECE), 0) || PIECE;
}

/** All text below a node, on one line. */
export function textOf(node: DomNode): string {
  const texts: string[] = [];
  const waiting: DomNode[] = [node];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.type === "text") texts.push(next.data ?? "");
    for (const child of (next.children ?? []).toReversed()) waiting.push(child);
  }
  return texts.join("").replace(/\s+/g, " ").trim();
}

const UNSHOWN = /<(?:(script|style|svg|template)(?=[\s/>])|!--)/gi;

/** Without scripts, styles, drawings and comments, which may be most of a page. In linear time. */
function withoutUnshown(html: string): string {
  let rest = "";
  let from = 0;
  const start = new RegExp(UNSHOWN);
  for (let found = start.exec(html); found; found = start.exec(html)) {
    rest += html.slice(from, found.index);
    const [, name] = found;
    const end = name === undefined ? /-->/g : new RegExp(`</${name}[^>]*>`, "gi");
    // "<!-->" is a whole comment.
    end.lastIndex = found.index + 2;
    if (!end.test(html)) return rest;
    from = end.lastIndex;
    start.lastIndex = from;
  }
  return rest + html.slice(from);
}
