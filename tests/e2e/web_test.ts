import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { serveModel, streamAnswer, textAnswer } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { calling, modelSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { makeToolCalls } from "../support/tool_calls.ts";
import { page, redirect, serveSite } from "../support/web_site.ts";
import { isObject, type ToolOutcome, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const KEY = "sk-canary-0123456789";

type Fetching = { readonly hosts: unknown; readonly urls: readonly string[] };

async function fetchAll({ hosts, urls }: Fetching): Promise<readonly ToolOutcome[]> {
  using ground = new Playground();
  return await makeToolCalls({
    ground,
    calls: urls.map((url) => ["WebFetch", { url, prompt: "see" }]),
    fields: { capabilities: { sandbox: { hosts } } },
  });
}

function contentOf(outcome: ToolOutcome | undefined): unknown {
  assert.ok(outcome?.success, outcome?.text ?? "");
  return JSON.parse(outcome.text).content;
}

Deno.test("a granted host is fetched, and no other is even reached", async () => {
  await using granted = serveSite();
  await using other = serveSite();
  const [found, refused] = await fetchAll({
    hosts: [`127.0.0.1:${granted.port}`],
    urls: [`http://127.0.0.1:${granted.port}/a?b=c`, `http://127.0.0.1:${other.port}/`],
  });
  assert.equal(contentOf(found), "you are at /a?b=c");
  const place = `127.0.0.1:${other.port}`;
  assert.deepEqual(refused, {
    success: false,
    text: `Execution failed: Cannot fetch from "${place}": the host is not granted; ` +
      `grant it with capabilities.sandbox.hosts ["${place}"]`,
  });
  assert.deepEqual([granted.contacts(), other.contacts()], [1, 0]);
});

Deno.test("a name is looked up, and reached at the address that was judged", async () => {
  await using site = serveSite();
  const [found] = await fetchAll({
    hosts: [`localhost:${site.port}`],
    urls: [`http://localhost:${site.port}/`],
  });
  assert.equal(contentOf(found), "you are at /");
  assert.match(site.requests[0] ?? "", new RegExp(`\r\nhost: localhost:${site.port}\r\n`));
});

Deno.test("a redirect is followed on its own host, and told where it leads to another", async () => {
  await using other = serveSite();
  await using start = serveSite((path) => {
    if (path === "/end") return page("the end");
    return redirect(path === "/own" ? "/end" : `http://127.0.0.1:${other.port}/`);
  });
  const [followed, told] = await fetchAll({
    hosts: [start, other].map(({ port }) => `127.0.0.1:${port}`),
    urls: ["own", "other"].map((name) => `http://127.0.0.1:${start.port}/${name}`),
  });
  assert.equal(contentOf(followed), "the end");
  const { status, redirects_to } = JSON.parse(told?.text ?? "");
  assert.deepEqual([status, redirects_to], [302, `http://127.0.0.1:${other.port}/`]);
  assert.equal(other.contacts(), 0);
});

Deno.test("a yes to one host is none to another that it redirects to", async () => {
  using ground = new Playground();
  await using other = serveSite();
  const away = `http://127.0.0.1:${other.port}/`;
  await using start = serveSite(() => redirect(away));
  const url = `http://127.0.0.1:${start.port}/`;
  const turns = [url, away].map((it) => calling(["WebFetch", { url: it, prompt: "see" }]));
  const hosts = [start, other].map(({ port }) => `127.0.0.1:${port}`);
  const script = { turns: [...turns, { text: "end" }] };
  const capabilities = { script, enforce_permissions: true, sandbox: { hosts } };
  const spec = scriptedSpec(ground, [], { capabilities });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  const asked: unknown[] = [];
  for (const approved of [true, false]) {
    const { id, body } = await connection.nextKind("approval_request");
    asked.push(isObject(body) && body.resource);
    assert.equal(other.contacts(), 0);
    connection.send({ kind: "approval_reply", id, approved });
  }
  const outcomes = toolOutcomes(await connection.finish());
  assert.deepEqual(asked, hosts);
  assert.deepEqual(outcomes.map(({ success }) => success), [true, false]);
  assert.deepEqual([start.contacts(), other.contacts()], [1, 0]);
});

Deno.test('"public" covers no address of this machine', async () => {
  await using site = serveSite();
  const outcomes = await fetchAll({
    hosts: "public",
    urls: [
      "http://127.0.0.1/",
      "http://localhost/",
      "http://[::1]/",
      `http://127.0.0.1:${site.port}/`,
      "http://169.254.169.254/latest/meta-data/",
    ],
  });
  const why = [
    /a loopback address/,
    /a loopback address/,
    /a loopback address/,
    /ports 80 and 443/,
  ];
  for (const [at, outcome] of outcomes.entries()) {
    assert.equal(outcome.success, false);
    assert.match(outcome.text, why[at] ?? /a metadata address, which "public" does not cover$/);
  }
  assert.equal(site.contacts(), 0);
});

Deno.test("the tools of the web are offered only where a host is granted", async (t) => {
  const none = "capabilities.sandbox.hosts grants no host";
  const cases: readonly (readonly [hosts: unknown, offered: readonly string[], why: string])[] = [
    [undefined, [], none],
    [[], [], none],
    [
      ["a.example:443"],
      ["WebFetch"],
      'capabilities.sandbox.hosts does not grant "html.duckduckgo.com:443"',
    ],
    [["html.duckduckgo.com:443"], ["WebFetch", "WebSearch"], ""],
    ["public", ["WebFetch", "WebSearch"], ""],
  ];
  for (const [hosts, offered, why] of cases) {
    await t.step(JSON.stringify(hosts ?? null), async () => {
      using ground = new Playground();
      await using model = serveModel(({ body }) =>
        body.includes('"role":"tool"') || why === ""
          ? textAnswer("end")
          : callAnswer("WebSearch", { query: "x1" })
      );
      const sandbox = hosts === undefined ? {} : { hosts };
      const spec = modelSpec(ground, model, { capabilities: { sandbox } });
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      const run = await connection.run("go");
      assert.deepEqual(toolNames(model.requests[0]?.body), offered);
      const refused = { success: false, text: `Tool not available: WebSearch: ${why}` };
      assert.deepEqual(toolOutcomes(run), why === "" ? [] : [refused]);
    });
  }
});

function toolNames(body: string | undefined): readonly string[] {
  const { tools }: { tools: readonly { function: { name: string } }[] } = JSON.parse(body ?? "");
  return tools.map((tool) => tool.function.name).filter((name) => name.startsWith("Web"));
}

/** A model's answer that calls a tool. */
function callAnswer(name: string, args: Readonly<Record<string, unknown>>): Response {
  const call = { name, arguments: JSON.stringify(args) };
  const delta = { tool_calls: [{ index: 0, id: "call-1", type: "function", function: call }] };
  const chunk = (choice: unknown) => `data: ${JSON.stringify({ id: "x", choices: [choice] })}\n\n`;
  return streamAnswer([
    chunk({ index: 0, delta, finish_reason: null }),
    chunk({ index: 0, delta: {}, finish_reason: "tool_calls" }),
    "data: [DONE]\n\n",
  ]);
}

Deno.test("the key reaches the provider, and nobody of the web; the provider is no page", async () => {
  using ground = new Playground();
  await using site = serveSite();
  const urls = [`http://127.0.0.1:${site.port}/`];
  await using model = serveModel(({ body }) => {
    const calls = body.split('"role":"tool"').length - 1;
    const url = urls[calls];
    return url === undefined ? textAnswer("end") : callAnswer("WebFetch", { url, prompt: "see" });
  });
  urls.push(`http://127.0.0.1:${model.port}/v1/models`, `http://localhost:${model.port}/`);
  const hosts = [site, model].flatMap(({ port }) => [`127.0.0.1:${port}`, `localhost:${port}`]);
  const spec = modelSpec(ground, { baseUrl: model.baseUrl, apiKey: KEY }, {
    capabilities: { sandbox: { hosts } },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const [found, ...refused] = toolOutcomes(await connection.run("go"));
  assert.equal(contentOf(found), "you are at /");
  assert.deepEqual(refused.map(({ success }) => success), [false, false]);
  for (const { text } of refused) assert.match(text, /the place of a route that carries a key$/);
  assert.equal(model.requests[0]?.headers.get("authorization"), `Bearer ${KEY}`);
  assert.equal(model.requests.length, 4);
  assert.equal(site.requests.length, 1);
  assert.doesNotMatch(site.requests.join(), /canary|authorization|cookie/i);
});

Deno.test("a refused host stands in the audit log, with the grant that was missing", async () => {
  using ground = new Playground();
  await makeToolCalls({
    ground,
    calls: [["WebFetch", { url: "http://127.0.0.1:9/", prompt: "see" }]],
    fields: { capabilities: { sandbox: { hosts: ["a.example:443"] } } },
  });
  const log = readFileSync(join(ground.fabric, "audit", "c-1.jsonl"), "utf8");
  const entries = log.trim().split("\n").map((line) => JSON.parse(line));
  const refused = entries.filter(({ kind }) => kind === "tool_refused");
  assert.deepEqual(refused.map(({ tool_name, reason }) => [tool_name, reason]), [
    ["WebFetch", "no grant: web 127.0.0.1:9"],
  ]);
});
