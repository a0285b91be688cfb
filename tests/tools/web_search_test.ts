import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { systemClock } from "../../src/base/clock.ts";
import { Pace } from "../../src/tools/pace.ts";
import { readSearchPage, type SearchPage } from "../../src/tools/search_results.ts";
import { webSearchTool } from "../../src/tools/web_search.ts";
import { ToolDesk } from "./desk.ts";
import { FakeWeb, htmlPage } from "./fake_web.ts";

// Written by hand after the shape of the engine's pages.
const PAGE = readFileSync(new URL("../fixtures/web/duckduckgo.html", import.meta.url), "utf8");
const CITE = "\n\nCite the pages that your answer rests on, each with its url.";

const DOCS = {
  title: "Security and permissions - docs.deno.com",
  url: "https://docs.deno.com/runtime/fundamentals/security/?a=1&b=2",
  domain: "docs.deno.com",
  snippet: "Deno is secure by default & asks for permissions.",
};
const BLOG = {
  title: "Deno Blog",
  url: "https://deno.com/blog",
  domain: "deno.com",
};
const DIRECT = {
  title: "A direct link",
  url: "https://plain.example/direct",
  domain: "plain.example",
  snippet: "Without a detour.",
};

function address(query: string): string {
  return `https://html.duckduckgo.com/html/?q=${query}`;
}

async function searched(
  args: Readonly<Record<string, unknown>>,
  page = htmlPage(PAGE),
  asked = "deno+permissions",
): Promise<string> {
  const web = new FakeWeb({ [address(asked)]: page });
  await using desk = new ToolDesk({ web });
  return await desk.text(webSearchTool, { query: "deno permissions", ...args });
}

function report(results: readonly unknown[], note?: string): string {
  const query = "deno permissions";
  return JSON.stringify(note === undefined ? { query, results } : { query, results, note }) + CITE;
}

function parsed(html: string): Promise<SearchPage> {
  const { signal } = new AbortController();
  return readSearchPage(html, new Pace({ clock: systemClock, signal }));
}

Deno.test("WebSearch gives the results of the page, without advertisements and repeats", async () => {
  assert.equal(await searched({}), report([DOCS, BLOG, DIRECT]));
});

Deno.test("WebSearch gives as many results as are wanted", async () => {
  assert.equal(await searched({ max_results: 1 }), report([DOCS]));
});

Deno.test("WebSearch takes domains with their subdomains, and no look-alikes", async () => {
  const others = "2 of 3 results left out by their domain";
  const wanted = { allowed_domains: ["docs.deno.com", "lain.example"] };
  assert.equal(await searched(wanted), report([DOCS], others));
  const blocked = { blocked_domains: ["DENO.com"] };
  assert.equal(await searched(blocked), report([DIRECT], others));
  const one = { allowed_domains: ["deno.com"] };
  assert.equal(
    await searched(one, htmlPage(PAGE), "deno+permissions+site%3Adeno.com"),
    report([DOCS, BLOG], "1 of 3 results left out by their domain"),
  );
});

Deno.test("WebSearch says when the engine wants a proof, fails, or finds nothing", async (t) => {
  await t.step("a challenge", async () => {
    const page = { ...htmlPage('<div class="anomaly-modal__mask">bots</div>'), status: 202 };
    const note = "The search engine asked for a proof that a person searches, and gave no results";
    assert.equal(await searched({}, page), report([], note));
  });
  await t.step("nothing", async () => {
    assert.equal(await searched({}, htmlPage("<p>No results")), report([]));
  });
  await t.step("a failure", async () => {
    const web = new FakeWeb({ [address("x1")]: { ...htmlPage("down"), status: 503 } });
    await using desk = new ToolDesk({ web });
    assert.equal(
      await desk.refusal(webSearchTool, { query: "x1" }),
      "provider: Cannot search: html.duckduckgo.com answered with status 503",
    );
  });
});

Deno.test("WebSearch.prepare() needs the engine's host, and refuses arguments that do not go together", () => {
  const needs = [{ type: "http_request", host: "html.duckduckgo.com" }];
  assert.deepEqual(webSearchTool.prepare({ query: "ab" }), { mutating: false, needs });
  const bad: readonly (readonly [Readonly<Record<string, unknown>>, string])[] = [
    [{ query: "a" }, "query: expected at least 2 characters"],
    [{ query: "a".repeat(501) }, "query: expected at most 500 characters"],
    [
      { query: "ab", allowed_domains: ["a"], blocked_domains: ["b"] },
      "blocked_domains: expected none beside allowed_domains",
    ],
    [{ query: "ab", max_results: 21 }, "max_results: expected a whole number from 1 to 20, got 21"],
    [{ query: "ab", max_results: 0 }, "max_results: expected a whole number from 1 to 20, got 0"],
  ];
  for (const [args, message] of bad) {
    assert.throws(() => webSearchTool.prepare(args), { fault: "bad_input", message });
  }
});

Deno.test("readSearchPage() finds results in a page that is cut anywhere", async () => {
  const whole = await parsed(PAGE);
  for (let length = 0; length <= PAGE.length; length += 97) {
    const { results } = await parsed(PAGE.slice(0, length));
    assert.ok(results.length <= whole.results.length);
    // All but the last are whole.
    const known = whole.results.slice(0, Math.max(0, results.length - 1));
    assert.deepEqual(results.slice(0, -1), known);
  }
});

Deno.test("readSearchPage() makes titles and snippets short lines of plain text", async () => {
  const title = `<b>a</b>\n\u202e${"x".repeat(400)}`;
  const href = "https://a.example/";
  const { results: [result] } = await parsed(
    `<a class="result__a" href="${href}">${title}</a><a class="result__snippet" href="${href}">\0y</a>`,
  );
  assert.equal(result?.title, `a \\u{202e}${"x".repeat(300 - 11)}…`);
  assert.equal(result?.snippet, "\\u{0}y");
});
