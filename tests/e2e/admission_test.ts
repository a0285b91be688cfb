// Who may talk to a worker's port: no web page, no other name, no other user, nobody without the token.
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import process from "node:process";
import { within } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";
import { echoSpec } from "../support/scripted_spec.ts";
import { WorkerProcess } from "../support/worker_process.ts";

type Handshake = {
  readonly firstLine?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** A handshake that is right but for what `changed` says. */
function handshake(
  port: number,
  { firstLine = "GET / HTTP/1.1", headers = {} }: Handshake,
): string {
  const all = {
    host: `127.0.0.1:${port}`,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [firstLine, ...lines, "", ""].join("\r\n");
}

/** The status line of the answer; empty when the peer hangs up without one. */
async function answerTo(port: number, text: string): Promise<string> {
  using socket = await Deno.connect({ hostname: "127.0.0.1", port });
  await socket.write(new TextEncoder().encode(text));
  return await within(firstLineOf(socket), { what: "answer to a handshake" });
}

async function firstLineOf(socket: Deno.TcpConn): Promise<string> {
  let text = "";
  const buffer = new Uint8Array(1024);
  while (!text.includes("\r\n")) {
    const count = await socket.read(buffer).catch(() => null);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text.split("\r\n", 1)[0] ?? "";
}

const ACCEPTED = "HTTP/1.1 101 Switching Protocols";

Deno.test("worker refuses a handshake by Origin, Host or form, and goes on serving", async (t) => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  const { port } = worker;
  const refused: Record<string, Handshake> = {
    "an Origin": { headers: { origin: "https://example.com" } },
    "its own address as Origin": { headers: { origin: `http://127.0.0.1:${port}` } },
    "a null Origin": { headers: { origin: "null" } },
    "another name": { headers: { host: `evil.example:${port}` } },
    "the name localhost": { headers: { host: `localhost:${port}` } },
    "another port": { headers: { host: `127.0.0.1:${port === 1 ? 2 : 1}` } },
    "no port": { headers: { host: "127.0.0.1" } },
    "plain HTTP": { headers: { upgrade: "none" } },
    "a POST": { firstLine: "POST / HTTP/1.1" },
    "HTTP/1.0": { firstLine: "GET / HTTP/1.0" },
    "an old version": { headers: { "sec-websocket-version": "8" } },
  };
  for (const [name, changed] of Object.entries(refused)) {
    await t.step(`refuses ${name}`, async () => {
      assert.match(await answerTo(port, handshake(port, changed)), /^HTTP\/1\.1 4\d\d /);
    });
  }
  await t.step("accepts the same handshake without them", async () => {
    assert.equal(await answerTo(port, handshake(port, {})), ACCEPTED);
  });
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.status, "completed");
});

Deno.test("worker asks for the spec's bearer token", async (t) => {
  using ground = new Playground();
  const token = "tok-1234567890";
  const spec = echoSpec(ground, { secrets: { worker_auth_token: token } });
  await using worker = await WorkerProcess.start({ ground, spec });
  const refused: Record<string, Handshake> = {
    "none": {},
    "another": { headers: { authorization: "Bearer tok-0000000000" } },
    "a beginning of it": { headers: { authorization: "Bearer tok-123456789" } },
    "more than it": { headers: { authorization: `Bearer ${token}0` } },
    "it under another scheme": { headers: { authorization: `Basic ${token}` } },
  };
  for (const [name, changed] of Object.entries(refused)) {
    await t.step(`refuses ${name}`, async () => {
      const { port } = worker;
      assert.match(await answerTo(port, handshake(port, changed)), /^HTTP\/1\.1 401 /);
    });
  }
  await t.step("accepts it", async () => {
    await using connection = await worker.connect(token);
    assert.equal((await connection.run("x")).terminal.status, "completed");
  });
});

Deno.test("worker takes no connection of another user's process", async () => {
  // Only root can become another user here; elsewhere the case cannot be made, and passes as such.
  const tools = ["/usr/bin/setpriv", "/bin/bash"];
  const missing = tools.filter((path) => !existsSync(path));
  if (process.getuid?.() !== 0 || missing.length > 0) {
    process.stderr.write(`not run: needs root, ${tools.join(" and ")}\n`);
    return;
  }
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  const text = handshake(worker.port, {});
  assert.equal(await answerAsUser("0", worker.port, text), ACCEPTED);
  assert.equal(await answerAsUser("65534", worker.port, text), "");
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.status, "completed");
});

async function answerAsUser(uid: string, port: number, text: string): Promise<string> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port} && printf %s "$0" >&3 && head -n 1 <&3`;
  const { stdout } = await new Deno.Command("/usr/bin/setpriv", {
    args: [`--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", "/bin/bash", "-c", script, text],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
    cwd: "/",
    stdin: "null",
    stderr: "null",
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("one-shot worker is neither used up nor held up by connections that say nothing", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { reusable: false });
  await using worker = await WorkerProcess.start({ ground, spec });
  const { port } = worker;
  using mute = await Deno.connect({ hostname: "127.0.0.1", port });
  {
    using _gone = await Deno.connect({ hostname: "127.0.0.1", port });
  }
  assert.match(await answerTo(port, "nonsense\r\n\r\n"), /^(HTTP\/1\.1 4\d\d .*)?$/);
  {
    // Opened as it should be, but without a frame: it does not count as the one connection.
    await using _silent = await worker.connect();
  }
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.result, "echo: x");
  await connection.close();
  assert.equal((await worker.process.exit()).code, 0);
  assert.equal(await mute.read(new Uint8Array(1)).catch(() => null), null);
});

Deno.test("worker serves a host beside 200 connections that never say anything", async () => {
  using ground = new Playground();
  await using worker = await WorkerProcess.start({ ground, spec: echoSpec(ground) });
  using stack = new DisposableStack();
  for (let count = 0; count < 200; count++) {
    stack.use(await Deno.connect({ hostname: "127.0.0.1", port: worker.port }));
  }
  await using connection = await worker.connect();
  assert.equal((await connection.run("x")).terminal.result, "echo: x");
});
