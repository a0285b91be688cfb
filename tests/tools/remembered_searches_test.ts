import { strict as assert } from "node:assert";
import { RememberedSearches } from "../../src/tools/remembered_searches.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { type FakePage, FakeWeb } from "./fake_web.ts";

const SEARCH = "https://html.duckduckgo.com/html/?q=a";
const { signal } = new AbortController();

type Remembering = {
  readonly web: FakeWeb;
  readonly clock: FakeClock;
  get(url?: string): Promise<string>;
};

function remembering(pages: Readonly<Record<string, FakePage>>): Remembering {
  const web = new FakeWeb(pages);
  const clock = new FakeClock();
  const remembered = new RememberedSearches(web, clock);
  return {
    web,
    clock,
    async get(url = SEARCH) {
      const { status, body } = await remembered.get(url, { signal });
      return `${status} ${await new Response(body).text()}`;
    },
  };
}

Deno.test("a search is remembered for 15 minutes", async () => {
  const { web, clock, get } = remembering({ [SEARCH]: { body: "found" } });
  assert.deepEqual([await get(), await get()], ["200 found", "200 found"]);
  assert.equal(web.asked.length, 1);
  await clock.advance(15 * 60_000 - 1);
  assert.equal(await get(), "200 found");
  assert.equal(web.asked.length, 1);
  await clock.advance(1);
  assert.equal(await get(), "200 found");
  assert.equal(web.asked.length, 2);
});

Deno.test("nothing but a whole search of the engine is remembered", async (t) => {
  const page = "https://a.example/";
  const cases: readonly (readonly [what: string, url: string, FakePage])[] = [
    ["another page", page, { body: "x" }],
    ["a look-alike", "https://html.duckduckgo.com.evil.example/", { body: "x" }],
    ["a challenge", SEARCH, { status: 202, body: "x" }],
    ["a page too long", SEARCH, { body: "x".repeat(250_001) }],
  ];
  for (const [what, url, answer] of cases) {
    await t.step(what, async () => {
      const { web, get } = remembering({ [url]: answer });
      assert.equal(await get(url), await get(url));
      assert.equal(web.asked.length, 2);
    });
  }
  await t.step("a page that was left early", async () => {
    const web = new FakeWeb({ [SEARCH]: { body: "found" } });
    const remembered = new RememberedSearches(web, new FakeClock());
    await (await remembered.get(SEARCH, { signal })).body?.cancel();
    await (await remembered.get(SEARCH, { signal })).body?.cancel();
    assert.equal(web.asked.length, 2);
  });
});

Deno.test("the oldest of 33 searches is forgotten", async () => {
  const urls = Array.from({ length: 33 }, (_, at) => `${SEARCH}${at}`);
  const { web, get } = remembering(Object.fromEntries(urls.map((url) => [url, { body: "x" }])));
  for (const url of urls) await get(url);
  await get(urls.at(-1));
  assert.equal(web.asked.length, 33);
  await get(urls[0]);
  assert.equal(web.asked.length, 34);
});
