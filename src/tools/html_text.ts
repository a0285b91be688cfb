// An HTML page as text a model can read: headings, lists and links as in Markdown, nothing hidden.
import type { FormatCallback } from "html-to-text";
import { type HtmlReading, type HtmlText, readHtml } from "./html_reader.ts";

/** Links become absolute by `base`. */
export function htmlText(
  html: string,
  { base, ...reading }: HtmlReading & { readonly base: string },
): Promise<HtmlText> {
  const link: FormatCallback = ({ attribs, children }, walk, builder) => {
    const target = targetOf(attribs?.href, base);
    if (target === undefined) return walk(children, builder);
    builder.addLiteral("[");
    walk(children, builder);
    builder.addLiteral(`](${target})`);
  };
  return readHtml(html, {
    selectors: [
      ...HEADINGS.map((selector) => ({ selector, format: selector })),
      { selector: "a", format: "link" },
      { selector: "img", format: "skip" },
      { selector: "ul", options: { itemPrefix: "- " } },
      ...HIDDEN.map((selector) => ({ selector, format: "skip" })),
    ],
    formatters: {
      link,
      ...Object.fromEntries(HEADINGS.map((name, at) => [name, heading(at + 1)])),
    },
  }, reading);
}

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"] as const;
const HIDDEN = ["head", "noframes", "object", "iframe", "canvas", "audio", "video", "select"];

function heading(level: number): FormatCallback {
  return ({ children }, walk, builder) => {
    builder.openBlock({ leadingLineBreaks: 2 });
    builder.addLiteral(`${"#".repeat(level)} `);
    walk(children, builder);
    builder.closeBlock({ trailingLineBreaks: 2 });
  };
}

const MAX_LINK = 1000;

/** Undefined for what leads nowhere else: a place on the same page, a script, an image as text. */
function targetOf(href: string | undefined, base: string): string | undefined {
  if (href === undefined || href.startsWith("#") || !URL.canParse(href, base)) return undefined;
  const { protocol, href: target } = new URL(href, base);
  const isWeb = protocol === "http:" || protocol === "https:";
  return isWeb && target.length <= MAX_LINK ? target : undefined;
}
