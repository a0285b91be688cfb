// Lesson: a page is fetched from the place that was granted and judged, however its address is
// spelled, wherever its name leads, and nothing but the address of a page leaves that way.
import { strict as assert } from "node:assert";
import { Playground } from "../support/playground.ts";
import { calling, type NamedCall, scriptedSpec } from "../support/scripted_spec.ts";
import { makeToolCalls } from "../support/tool_calls.ts";
import { page, redirect, serveSite } from "../support/web_site.ts";
import { type ToolOutcome, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

/** This machine by another spelling, or another place of the same network. */
const PLACES: readonly string[] = [
  "127.0.0.1",
  "127.0.0.2",
  "127.1",
  "127.0.1",
  "2130706433",
  "0x7f000001",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "017700000001",
  "0",
  "0.0.0.0",
  "127.0.0.1.",
  "localhost",
  "localhost.",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::7f00:1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::1]",
  "[2001:0:7f00:1::1]",
  "１２７.0.0.1",
  "127。0。0。1",
  "①②⑦.0.0.1",
  "%31%32%37.0.0.1",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "[fe80::1]",
  "[fd00:ec2::254]",
  "224.0.0.1",
  "255.255.255.255",
];

const fetching = (url: string): NamedCall => ["WebFetch", { url, prompt: "see" }];

async function fetchAll(
  urls: readonly string[],
  hosts: unknown,
): Promise<readonly ToolOutcome[]> {
  using ground = new Playground();
  const fields = { capabilities: { sandbox: { hosts } } };
  return await makeToolCalls({ ground, calls: urls.map(fetching), fields });
}

/** Refused by the cage in words, and not for want of an answer. */
function assertRefused(urls: readonly string[], outcomes: readonly ToolOutcome[]): void {
  const reached = urls.filter((_, at) => {
    const { success = true, text = "" } = outcomes[at] ?? {};
    return success || !/(?:Cannot fetch (?:from|this address)|^Invalid arguments: url)/.test(text);
  });
  assert.deepEqual(reached.map((url) => [url, outcomes[urls.indexOf(url)]?.text]), []);
}

Deno.test('row 13: no spelling of a private place is covered by "public"', async () => {
  await using site = serveSite();
  const urls = PLACES.flatMap((host) => [`http://${host}/`, `http://${host}:${site.port}/`]);
  assertRefused(urls, await fetchAll(urls, "public"));
  assert.equal(site.contacts(), 0);
});

Deno.test("row 13: a granted address is granted by its own spelling alone", async () => {
  await using site = serveSite();
  const own = `http://127.0.0.1:${site.port}/`;
  const urls = PLACES.filter((host) => host !== "127.0.0.1")
    .map((host) => `http://${host}:${site.port}/`);
  assertRefused(urls, await fetchAll(urls, [`127.0.0.1:${site.port}`]));
  assert.equal(site.contacts(), 0);
  const [control] = await fetchAll([own], [`127.0.0.1:${site.port}`]);
  assert.equal(control?.success, true, control?.text ?? "");
  assert.equal(site.contacts(), 1);
});

Deno.test("row 13: a redirect to any of them is told, and leads nowhere", async () => {
  await using other = serveSite();
  const targets = PLACES.map((host) => `http://${host}:${other.port}/`);
  await using start = serveSite((path) => redirect(targets[Number(path.slice(1))] ?? "/"));
  const urls = targets.map((_, at) => `http://127.0.0.1:${start.port}/${at}`);
  const outcomes = await fetchAll(urls, [`127.0.0.1:${start.port}`]);
  assert.deepEqual(outcomes.filter(({ success }) => !success), []);
  const told = outcomes.map(({ text }) => JSON.parse(text));
  assert.deepEqual(new Set(told.map(({ status }) => status)), new Set([302]));
  // What no parser takes for an address is no redirect: its own page is shown.
  const places = told.flatMap(({ redirects_to }) =>
    redirects_to === undefined ? [] : [redirects_to]
  );
  assert.ok(places.length > PLACES.length - 5);
  for (const place of places) assert.ok(place.endsWith(`:${other.port}/`), place);
  assert.deepEqual([start.contacts(), other.contacts()], [urls.length, 0]);
});

Deno.test("row 14: nothing is made into a granted host", async () => {
  await using site = serveSite();
  const place = `localhost:${site.port}`;
  const urls = [
    `http://${place}\0.evil.example/`,
    `http://${place}\r\nHost: evil.example/`,
    `http://${place}/\r\nX-Own: 1`,
    `http://local\thost:${site.port}/`,
    `http://evil.example@${place}/`,
    `http://${place}@evil.example/`,
    `http://${place}\\@evil.example/`,
    `http://@${place}/`,
    `http://localhost.:${site.port}/`,
    `http://ｌocalhost:${site.port}/`,
    `http://l%6fcalhost:${site.port}/`,
    `http://localhoſt:${site.port}/`,
    `http://local\u00adhost:${site.port}/`,
    `http://lоcalhost:${site.port}/`,
    `http://*:${site.port}/`,
    `http://*.localhost:${site.port}/`,
    `http://a.localhost:${site.port}/`,
    `http:/${place}/`,
    `http:${place}/`,
    `http:\\\\${place}/`,
    `http:///${place}/`,
    `https://${place}.evil.example/`,
    `http://localhost:0${site.port}/`,
    `ftp://${place}/`,
    `file://${place}/etc/passwd`,
    `blob:http://${place}/1`,
    `view-source:http://${place}/`,
  ];
  assertRefused(urls, await fetchAll(urls, [place]));
  assert.equal(site.contacts(), 0);
  const [control] = await fetchAll([`http://${place}/`], [place]);
  assert.equal(control?.success, true, control?.text ?? "");
});

Deno.test("row 15: the host is told as it was granted, to the place itself", async () => {
  using ground = new Playground();
  await using proxy = serveSite();
  await using site = serveSite();
  const place = `localhost:${site.port}`;
  const elsewhere = `http://127.0.0.1:${proxy.port}`;
  const turns = [calling(fetching(`http://${place}/a?Host=evil.example`)), { text: "end" }];
  const script = { turns };
  const spec = scriptedSpec(ground, [], { capabilities: { sandbox: { hosts: [place] }, script } });
  const variables = { HTTP_PROXY: elsewhere, http_proxy: elsewhere, ALL_PROXY: elsewhere };
  await using worker = await WorkerProcess.start({ ground, spec, variables });
  await using connection = await worker.connect();
  const [outcome] = toolOutcomes(await connection.run("go"));
  assert.equal(outcome?.success, true, outcome?.text ?? "");
  const [request = ""] = site.requests;
  assert.match(request, /^GET \/a\?Host=evil\.example HTTP\/1\.1\r\n/);
  assert.deepEqual(request.match(/^host: .*$/gim), [`host: ${place}`]);
  assert.equal(proxy.contacts(), 0);
});

Deno.test("row 15: an answer that sends on by other means is only an answer", async () => {
  await using other = serveSite();
  const away = `http://127.0.0.1:${other.port}/`;
  const html = `<meta http-equiv=refresh content="0;url=${away}"><base href="${away}">` +
    `<img src="${away}"><link rel=stylesheet href="${away}"><iframe src="${away}"></iframe>` +
    `<script src="${away}"></script><a href="${away}">link</a>`;
  await using site = serveSite(() =>
    page(html).replace("text/plain", "text/html")
      .replace("\r\n", `\r\nlink: <${away}>; rel=preload\r\nrefresh: 0;url=${away}\r\n`)
  );
  const place = `127.0.0.1:${site.port}`;
  const [outcome] = await fetchAll([`http://${place}/`], [place]);
  assert.equal(outcome?.success, true, outcome?.text ?? "");
  assert.equal(JSON.parse(outcome?.text ?? "").content, `[link](${away})`);
  assert.deepEqual([site.contacts(), other.contacts()], [1, 0]);
});

Deno.test("row 16: nothing but the address of a page is sent, and no long one", async () => {
  await using site = serveSite();
  const place = `127.0.0.1:${site.port}`;
  const url = `http://${place}/`;
  using ground = new Playground();
  const more = { method: "POST", body: "x".repeat(1000), headers: { "x-data": "x" } };
  const [small, long, ...odd] = await makeToolCalls({
    ground,
    calls: [
      fetching(`${url}?q=small`),
      fetching(`${url}?q=${"x".repeat(4096)}`),
      ["WebFetch", { url, prompt: "p".repeat(10_000), ...more }],
    ],
    fields: { capabilities: { sandbox: { hosts: [place] } } },
  });
  assert.equal(small?.success, true, small?.text ?? "");
  assert.match(long?.text ?? "", /expected at most 4096$/);
  assert.deepEqual(odd.map(({ success }) => success), [true]);
  assert.equal(site.contacts(), 2);
  for (const request of site.requests) {
    assert.match(request, /^GET \S{1,20} HTTP\/1\.1\r\n/);
    assert.ok(request.length < 500, request);
    assert.doesNotMatch(request, /xxx|ppp|x-data/);
    assert.ok(request.endsWith("\r\n\r\n"), "a body was sent");
  }
});

Deno.test("a hostile site takes neither the worker nor the run", async () => {
  const endless = "HTTP/1.1 200 OK\r\n" + `x-a: ${"y".repeat(1000)}\r\n`.repeat(500);
  const deep = "<b>".repeat(300_000);
  await using site = serveSite((path) => {
    switch (path) {
      case "/head":
        return endless;
      case "/none":
        return "SSH-2.0-OpenSSH\r\n";
      case "/deep":
        return page(deep).replace("text/plain", "text/html");
      case "/long":
        return `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n${"z".repeat(3_000_000)}`;
      case "/loop":
        return redirect("/loop");
      case "/hidden":
        return page("\x1b]0;own\x07\u009b31m");
      default:
        return page("fine");
    }
  });
  const place = `127.0.0.1:${site.port}`;
  const urls = ["head", "none", "deep", "long", "loop", "hidden", "fine"]
    .map((name) => `http://${place}/${name}`);
  const [head, none, nested, long, loop, hidden, fine] = await fetchAll(urls, [place]);
  assert.match(head?.text ?? "", /Cannot reach .*: Answer has a head of more than/);
  assert.match(none?.text ?? "", /Cannot reach .*: Answer is not HTTP/);
  assert.equal(nested?.success, true, nested?.text ?? "");
  assert.equal(JSON.parse(long?.text ?? "").content, "z".repeat(20_000));
  assert.match(loop?.text ?? "", /redirects more than 5 times$/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(JSON.parse(hidden?.text ?? "").content, /[\x00-\x1f\x7f-\x9f]/);
  assert.equal(JSON.parse(fine?.text ?? "").content, "fine");
});
