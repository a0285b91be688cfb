// What stands on a page of results of the search engine, which has no other interface.
import type { FormatCallback } from "html-to-text";
import { readHtml, textOf } from "./html_reader.ts";
import type { Pace } from "./pace.ts";
import { plainText } from "./plain_text.ts";

export type SearchResult = {
  readonly title: string;
  readonly url: string;
  /** The host of `url`. */
  readonly domain: string;
  readonly snippet?: string;
};

export type SearchPage = {
  /** In the engine's order, without advertisements; each address once. */
  readonly results: readonly SearchResult[];
  /** Whether it wants to know first whether a person asks. */
  readonly isChallenge: boolean;
};

const MAX_TITLE = 300;
const MAX_SNIPPET = 500;

export async function readSearchPage(html: string, pace: Pace): Promise<SearchPage> {
  const results: SearchResult[] = [];
  const title: FormatCallback = (element) => {
    const url = placeOf(element.attribs?.href ?? "");
    if (url === undefined || results.some((result) => result.url === url.href)) return;
    const text = shortLine(textOf(element), MAX_TITLE);
    results.push({ title: text, url: url.href, domain: url.hostname });
  };
  const snippet: FormatCallback = (element) => {
    const last = results.at(-1);
    if (last?.snippet !== undefined || placeOf(element.attribs?.href ?? "")?.href !== last?.url) {
      return;
    }
    const text = shortLine(textOf(element), MAX_SNIPPET);
    if (last && text !== "") results.splice(-1, 1, { ...last, snippet: text });
  };
  await readHtml(html, {
    selectors: [
      { selector: ".result--ad", format: "skip" },
      { selector: "a.result__a", format: "title" },
      { selector: "a.result__snippet", format: "snippet" },
    ],
    formatters: { title, snippet },
  }, { enough: Infinity, pace });
  return { results, isChallenge: html.includes("anomaly-modal") };
}

const ENGINE = "https://duckduckgo.com";

/** Where a link leads; those of the engine lead on to the place they name. */
function placeOf(href: string): URL | undefined {
  const link = webUrl(href, ENGINE);
  if (link === undefined || !/(?:^|\.)duckduckgo\.com$/.test(link.hostname)) return link;
  return webUrl(link.searchParams.get("uddg") ?? "");
}

function webUrl(text: string, base?: string): URL | undefined {
  if (!URL.canParse(text, base)) return undefined;
  const url = new URL(text, base);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

function shortLine(text: string, most: number): string {
  const plain = plainText(text.slice(0, most + 1));
  return (plain.length > most ? `${plain.slice(0, most - 1)}…` : plain).toWellFormed();
}
