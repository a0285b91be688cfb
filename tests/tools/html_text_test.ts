import { strict as assert } from "node:assert";
import fc from "fast-check";
import { systemClock } from "../../src/base/clock.ts";
import type { HtmlText } from "../../src/tools/html_reader.ts";
import { htmlText } from "../../src/tools/html_text.ts";
import { Pace } from "../../src/tools/pace.ts";

const BASE = "https://a.example/docs/page";
const ENOUGH = 20_000;

function read(html: string, signal = new AbortController().signal): Promise<HtmlText> {
  const pace = new Pace({ clock: systemClock, signal, maxMs: 2000 });
  return htmlText(html, { base: BASE, enough: ENOUGH, pace });
}

const PAGES: Readonly<Record<string, readonly [html: string, text: string]>> = {
  "headings and paragraphs": [
    "<h1>One</h1><p>a  b\nc<h3>Three</h3>d<br>e",
    "# One\n\na b c\n\n### Three\n\nd\ne",
  ],
  "lists": ["<ul><li>a<li>b<ol><li>c</ol></ul>", "- a\n- b\n  1. c"],
  "links, made absolute": [
    "<a href='x'>one</a> <a href='/y?a=1&amp;b=2'>two</a> <a href='//b.example'>three</a>",
    "[one](https://a.example/docs/x) [two](https://a.example/y?a=1&b=2) [three](https://b.example/)",
  ],
  "links that lead nowhere else": [
    "<a href='#top'>a</a> <a href='javascript:alert(1)'>b</a> <a href='data:x'>c</a> <a>d</a>",
    "a b c d",
  ],
  "entities": ["&lt;b&gt; &eacute; &#x202e; &nbsp;x", "<b> é \u202e \u00a0x"],
  "nothing hidden": [
    "<head><title>t</title><style>s</style></head><body>a<script>b</script><!-- c --><svg><text>d" +
    "</text></svg><template>e</template><iframe>f</iframe><noscript>g</noscript></body>",
    "ag",
  ],
  "a script that looks like its own end": ["<script>x = '</scr' + 'ipt>'</script>a", "a"],
  "text that is kept as it is": ["<pre>a\n  b</pre>", "a\n  b"],
  "what is no HTML": ["just text < and >", "just text < and >"],
  "nothing": ["", ""],
};

for (const [what, [html, text]] of Object.entries(PAGES)) {
  Deno.test(`htmlText() gives ${what}`, async () => {
    assert.deepEqual(await read(html), { text, isCut: false });
  });
}

Deno.test("htmlText() reads a long page in pieces, until it has enough", async () => {
  const { text, isCut } = await read("<p>12345678</p>".repeat(50_000));
  assert.ok(text.length >= ENOUGH && text.length < 100_000, String(text.length));
  assert.match(text, /^(12345678\n+)+12345678$/);
  assert.ok(isCut);
});

const HOSTILE: Readonly<Record<string, string>> = {
  "deep <div>": "<div>",
  "deep <b>": "<b>",
  "deep <a>": "<a href=x>",
  "deep lists": "<ul><li>x",
  "deep tables": "<table><tr><td>",
  "deep quotes": "<blockquote>x<p>y",
  "ends without beginnings": "<a></b>",
  "comments without end": "<!--",
  "scripts without end": "<script>",
  "ends without end": "<script></script",
  "drawings": "<svg></svg ",
  "lone brackets": "<",
  "attributes": "<a href=1 x='</a>' ",
  "entities": "&amp;&#x41;&",
  "white space": " \n\t",
  "nul": "\0<\0",
};

Deno.test("htmlText() of hostile pages takes a bounded time", async (t) => {
  await read("<p>the library is loaded");
  for (const [what, part] of Object.entries(HOSTILE)) {
    await t.step(what, async () => {
      const start = performance.now();
      await read(part.repeat(1_000_000 / part.length));
      // Two seconds for all, and one piece more.
      assert.ok(performance.now() - start < 8000);
    });
  }
});

Deno.test("htmlText() never throws, and hears an abort between pieces", async () => {
  const token = fc.constantFrom(
    ...[
      "<",
      ">",
      "/",
      "a",
      "b",
      "p",
      "li",
      "ul",
      "table",
      "td",
      "pre",
      "h1",
      "!--",
      "-->",
      "&",
      ";",
    ],
    ...[
      "script",
      "style",
      "svg",
      " href=",
      "'",
      '"',
      "=",
      "\n",
      "\0",
      "blockquote",
      "ol",
      "br",
      "#",
    ],
  );
  const soup = fc.array(token, { maxLength: 60 }).map((parts) => parts.join(""));
  await fc.assert(fc.asyncProperty(soup, async (html) => void await read(html)), { numRuns: 500 });

  const reason = new Error("stop");
  const stopped = read("<p>x</p>".repeat(20_000), AbortSignal.abort(reason));
  await assert.rejects(stopped, (thrown) => thrown === reason);
});
