import { strict as assert } from "node:assert";
import { webFetchTool } from "../../src/tools/web_fetch.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ToolDesk } from "./desk.ts";
import { type FakePage, FakeWeb, htmlPage } from "./fake_web.ts";

const URL_OF_PAGE = "https://a.example/docs/";

async function fetched(
  page: FakePage,
  more: Readonly<Record<string, FakePage>> = {},
): Promise<unknown> {
  const web = new FakeWeb({ [URL_OF_PAGE]: page, ...more });
  await using desk = new ToolDesk({ web });
  return JSON.parse(await desk.text(webFetchTool, { url: URL_OF_PAGE, prompt: "see" }));
}

function report(content: string, fields: Readonly<Record<string, unknown>> = {}): unknown {
  const usual = { url: URL_OF_PAGE, status: 200, prompt: "see", content };
  return { ...usual, response_truncated: false, ...fields };
}

Deno.test("WebFetch gives a page as text, with its address and status", async () => {
  await using desk = new ToolDesk({
    web: new FakeWeb({ [URL_OF_PAGE]: htmlPage("<h1>Docs</h1><p>Read <a href='b'>more</a>") }),
  });
  const outcome = await desk.call(webFetchTool, { url: URL_OF_PAGE, prompt: "see" });
  assert.deepEqual(outcome, {
    result: {
      success: true,
      result: JSON.stringify(report("# Docs\n\nRead [more](https://a.example/docs/b)")),
      display_preference: "Collapsible",
    },
  });
});

Deno.test("WebFetch gives text that is no HTML as it is, and says what is no text", async (t) => {
  const cases: readonly (readonly [type: string, body: BodyInit, content: string])[] = [
    ["application/json", '{"a": "<b>"}', '{"a": "<b>"}'],
    ["text/plain; charset=iso-8859-1", new Uint8Array([0xe9]), "é"],
    ["application/vnd.x+json", "[1]", "[1]"],
    ["image/png", "\x89PNG", "[image/png: no text, so it is not shown]"],
    ["application/pdf", "%PDF", "[application/pdf: no text, so it is not shown]"],
    ["nonsense", "\0\x01", "[application/octet-stream: no text, so it is not shown]"],
    ["text/plain", "a\r\n\tb\x1b[2J\u202egnp\0", "a\n\tb\\u{1b}[2J\\u{202e}gnp\\u{0}"],
  ];
  for (const [type, body, content] of cases) {
    await t.step(type, async () => {
      const page = { headers: { "content-type": type }, body };
      assert.deepEqual(await fetched(page), report(content));
    });
  }
  await t.step("an error page is told with its status", async () => {
    const page = { status: 404, headers: { "content-type": "text/plain" }, body: "not here" };
    assert.deepEqual(await fetched(page), report("not here", { status: 404 }));
  });
});

Deno.test("WebFetch cuts what is too long and says so", async (t) => {
  const plain = (body: BodyInit) => ({ headers: { "content-type": "text/plain" }, body });
  await t.step("20,000 characters pass", async () => {
    assert.deepEqual(await fetched(plain("a".repeat(20_000))), report("a".repeat(20_000)));
  });
  await t.step("one more does not", async () => {
    assert.deepEqual(
      await fetched(plain("a".repeat(20_001))),
      report("a".repeat(20_000), { response_truncated: true }),
    );
  });
  await t.step("no half of a character stays", async () => {
    const content = "a".repeat(19_999);
    assert.deepEqual(
      await fetched(plain(`${content}😀`)),
      report(`${content}\ufffd`, { response_truncated: true }),
    );
  });
  await t.step("1,000,000 bytes are read of a page, and its body is left", async () => {
    let isLeft = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(300_000).fill(0x20)),
      cancel: () => {
        isLeft = true;
      },
    });
    const page = { headers: { "content-type": "text/html" }, body };
    assert.deepEqual(await fetched(page), report("", { response_truncated: true }));
    assert.ok(isLeft);
  });
});

const redirect = (location: string, status = 302): FakePage => ({ status, headers: { location } });

Deno.test("WebFetch follows redirects on the same host, each by a request of its own", async () => {
  const pages = {
    "http://a.example/": redirect("https://a.example:443/", 308),
    "https://a.example/": redirect("../next?x=1", 301),
    "https://a.example/next?x=1": redirect("//A.example/end", 307),
    "https://a.example/end": { headers: { "content-type": "text/plain" }, body: "end" },
  };
  const web = new FakeWeb(pages);
  await using desk = new ToolDesk({ web });
  const text = await desk.text(webFetchTool, { url: "http://a.example/", prompt: "see" });
  assert.deepEqual(JSON.parse(text), report("end", { url: "https://a.example/end" }));
  assert.deepEqual(web.asked, Object.keys(pages));
});

Deno.test("WebFetch tells where a redirect to another host leads, and does not go there", async (t) => {
  const places = [
    "https://b.example/end",
    "https://www.a.example/",
    "https://a.example:8443/",
    "http://a.example:8080/",
    "http://127.0.0.1/x",
    "javascript:alert(1)",
  ];
  for (const place of places) {
    await t.step(place, async () => {
      const web = new FakeWeb({
        [URL_OF_PAGE]: redirect("/next"),
        "https://a.example/next": redirect(place),
        [place]: { body: "never" },
      });
      await using desk = new ToolDesk({ web });
      const text = await desk.text(webFetchTool, { url: URL_OF_PAGE, prompt: "see" });
      const told = { url: "https://a.example/next", status: 302, redirects_to: place };
      assert.deepEqual(JSON.parse(text), report("", told));
      assert.deepEqual(web.asked, [URL_OF_PAGE, "https://a.example/next"]);
    });
  }
});

Deno.test("WebFetch has an address judged as it was written", async () => {
  const web = new FakeWeb({});
  await using desk = new ToolDesk({ web });
  const urls = ["http://a\t.example/\r\nX: y", " HTTP://A.example"];
  for (const url of urls) await desk.refusal(webFetchTool, { url, prompt: "see" });
  assert.deepEqual(web.asked, urls);
});

Deno.test("WebFetch says where a redirect leads that is not granted", async () => {
  await using desk = new ToolDesk({
    web: new FakeWeb({ [URL_OF_PAGE]: redirect("http://a.example/x") }),
  });
  assert.equal(
    await desk.refusal(webFetchTool, { url: URL_OF_PAGE, prompt: "see" }),
    `refused: "${URL_OF_PAGE}" redirects to "http://a.example/x": ` +
      "Cannot fetch from http://a.example/x: not granted",
  );
});

Deno.test("WebFetch follows five redirects and no more", async () => {
  const hops = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at): [string, FakePage] => [
        at === 0 ? URL_OF_PAGE : `https://a.example/${at}`,
        redirect(`/${at + 1}`),
      ]),
    );
  const end = { headers: { "content-type": "text/plain" }, body: "end" };
  const { [URL_OF_PAGE]: first = {}, ...others } = hops(5);
  assert.deepEqual(
    await fetched(first, { ...others, "https://a.example/5": end }),
    report("end", { url: "https://a.example/5" }),
  );
  await using desk = new ToolDesk({ web: new FakeWeb(hops(9)) });
  assert.equal(
    await desk.refusal(webFetchTool, { url: URL_OF_PAGE, prompt: "see" }),
    `provider: "${URL_OF_PAGE}" redirects more than 5 times`,
  );
});

Deno.test("WebFetch shows a redirect that names no place", async () => {
  for (const location of ["http://", "https://a b/"]) {
    const page = { ...redirect(location), body: "moved" };
    const told = await fetched({ ...page, headers: { location, "content-type": "text/plain" } });
    assert.deepEqual(told, report("moved", { status: 302 }));
  }
});

Deno.test("WebFetch gives up after 30 s, and ends when aborted", async () => {
  const clock = new FakeClock();
  const web = { get: () => Promise.resolve({ status: 200, headers: {}, body: endless() }) };
  await using desk = new ToolDesk({ web, clock });
  const waiting = desk.refusal(webFetchTool, { url: URL_OF_PAGE, prompt: "see" });
  await clock.advance(30_000);
  assert.equal(await waiting, `provider: "${URL_OF_PAGE}" took longer than 30 s`);

  const stop = new AbortController();
  const reason = new Error("stop");
  const args = { url: URL_OF_PAGE, prompt: "see" };
  const aborted = desk.call(webFetchTool, args, stop.signal);
  stop.abort(reason);
  await assert.rejects(aborted, (thrown) => thrown === reason);
});

/** A body of which nothing ever comes. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: () => Promise.withResolvers<void>().promise });
}

Deno.test("WebFetch tells a body that breaks off", async () => {
  const body = new ReadableStream({
    pull: (controller) => controller.error(new Error("Answer\nends early")),
  });
  const web = { get: () => Promise.resolve({ status: 200, headers: {}, body }) };
  await using desk = new ToolDesk({ web });
  assert.equal(
    await desk.refusal(webFetchTool, { url: URL_OF_PAGE, prompt: "see" }),
    `provider: Cannot read "${URL_OF_PAGE}": Answer ends early`,
  );
});

Deno.test("WebFetch.prepare() asks for the host, and refuses what is no address of the web", () => {
  const hosts = [
    ["https://a.example/x", "a.example"],
    ["http://a.example:8080", "a.example:8080"],
    ["http://0x7f.1/", "127.0.0.1"],
  ];
  for (const [url, host] of hosts) {
    const needs = [{ type: "http_request", host }];
    assert.deepEqual(webFetchTool.prepare({ url, prompt: "" }), { mutating: false, needs });
  }
  for (const url of ["", "a.example", "ftp://a.example/", "file:///etc/passwd", "http://"]) {
    const message = `url: expected an address that begins with http:// or https://, got ${
      JSON.stringify(url)
    }`;
    assert.throws(() => webFetchTool.prepare({ url, prompt: "" }), { fault: "bad_input", message });
  }
});
