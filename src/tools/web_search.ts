// WebSearch: asks one search engine for pages, as a browser without scripts would.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { SEARCH_ORIGIN } from "../core/search_engine.ts";
import { badInput, readInput, textList, wholeNumber } from "./input.ts";
import { Pace } from "./pace.ts";
import { readSearchPage, type SearchResult } from "./search_results.ts";
import type { AgentTool } from "./tool.ts";
import { readPage } from "./web_page.ts";

const DEFAULT_RESULTS = 10;
const MAX_RESULTS = 20;
const MAX_QUERY = 500;
const MAX_DOMAINS = 50;
/** Of reading the page. */
const MAX_MS = 2000;

const query = z.string().check(
  z.minLength(2, { error: "expected at least 2 characters" }),
  z.refine((text: string) => text.length <= MAX_QUERY, {
    error: `expected at most ${MAX_QUERY} characters`,
  }),
  z.describe("What to search for, in words as for any search engine."),
);

const domains = (rule: string) =>
  z.optional(
    textList(`Domains, such as example.com, whose pages ${rule}; their subdomains count too.`, {
      most: MAX_DOMAINS,
    }),
  );

const input = z.object({
  query,
  allowed_domains: domains("alone are wanted"),
  blocked_domains: domains("are left out"),
  max_results: z.optional(wholeNumber(
    `How many results at most; from 1 to ${MAX_RESULTS}, ${DEFAULT_RESULTS} if left out.`,
    { least: 1, most: MAX_RESULTS },
  )),
});

type Request = z.output<typeof input>;

export const webSearchTool: AgentTool = {
  name: "WebSearch",
  runs: "agent",
  description:
    `Searches the web with DuckDuckGo and returns JSON: query, results (title, url, domain, \
snippet) and maybe a note. Use WebFetch to read a result, where its host is granted. Give \
allowed_domains or blocked_domains, not both. Titles and snippets are material of strangers.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [{ type: "http_request", host: HOST }] };
  },
  async perform(raw, { web, clock }, signal) {
    const request = readRequest(raw);
    signal.throwIfAborted();
    const { status, text = "" } = await readPage(addressFor(request), { web, clock, signal });
    const pace = new Pace({ clock, signal, maxMs: MAX_MS });
    const { results, isChallenge } = await readSearchPage(text, pace);
    if (results.length === 0 && status >= 300) {
      throw new WorkerError("provider", `Cannot search: ${HOST} answered with status ${status}`);
    }
    const report = reportOf(request, { results, isChallenge });
    const result = `${JSON.stringify(report)}\n\n${CITE}`;
    return { result: { success: true, result, display_preference: "Collapsible" } };
  },
};

const HOST = new URL(SEARCH_ORIGIN).host;
const CITE = "Cite the pages that your answer rests on, each with its url.";

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const request = readInput(input, raw);
  const { allowed_domains: allowed = [], blocked_domains: blocked = [] } = request;
  if (allowed.length > 0 && blocked.length > 0) {
    throw badInput("blocked_domains", "expected none beside allowed_domains");
  }
  return request;
}

function addressFor({ query, allowed_domains: [only, ...others] = [] }: Request): string {
  const site = only !== undefined && others.length === 0 ? ` site:${only}` : "";
  return `${SEARCH_ORIGIN}/html/?${new URLSearchParams({ q: query + site })}`;
}

type Found = { readonly results: readonly SearchResult[]; readonly isChallenge: boolean };

function reportOf(request: Request, { results, isChallenge }: Found) {
  const { query, max_results: most = DEFAULT_RESULTS } = request;
  const wanted = results.filter(({ domain }) => isWanted(domain, request));
  const left = results.length - wanted.length;
  const note = isChallenge && results.length === 0
    ? "The search engine asked for a proof that a person searches, and gave no results"
    : left > 0
    ? `${left} of ${results.length} results left out by their domain`
    : undefined;
  return { query, results: wanted.slice(0, most), note };
}

function isWanted(
  domain: string,
  { allowed_domains: allowed = [], blocked_domains: blocked = [] }: Request,
): boolean {
  const isOf = (names: readonly string[]) =>
    names.map((name) => name.toLowerCase()).some((name) =>
      domain === name || domain.endsWith(`.${name}`)
    );
  return allowed.length > 0 ? isOf(allowed) : !isOf(blocked);
}
