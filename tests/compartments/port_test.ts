import { strict as assert } from "node:assert";
import * as z from "zod";
import { Port, type Side } from "../../src/compartments/port.ts";
import { WorkerError } from "../../src/core/errors.ts";

const left = {
  calls: {
    double: { params: z.number(), result: z.number() },
    wait: { params: z.null(), result: z.null() },
    refuse: { params: z.null(), result: z.null() },
    lie: { params: z.null(), result: z.number() },
  },
  notices: { text: { params: z.string() } },
} satisfies Side;
const right = { calls: {}, notices: { echo: { params: z.string() } } } satisfies Side;

const never = new AbortController().signal;

type Seen = { texts: string[]; echoes: string[]; aborted: unknown[]; violations: string[] };

function connect(options: { onText?: (text: string) => Promise<void> } = {}) {
  const { port1, port2 } = new MessageChannel();
  const seen: Seen = { texts: [], echoes: [], aborted: [], violations: [] };
  const onViolation = (error: Error) => void seen.violations.push(error.message);
  const server = new Port(port1, {
    local: left,
    remote: right,
    onViolation,
    handlers: {
      calls: {
        double: (value) => value * 2,
        wait: (_, { signal }) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener("abort", () => {
              seen.aborted.push(signal.reason);
              reject(signal.reason);
            })
          ),
        refuse: () => {
          throw new WorkerError("refused", "not granted");
        },
        // deno-lint-ignore no-explicit-any
        lie: (): any => "seven",
      },
      notices: {
        async text(text) {
          await options.onText?.(text);
          seen.texts.push(text);
        },
      },
    },
  });
  const client = new Port(port2, {
    local: right,
    remote: left,
    onViolation,
    handlers: { calls: {}, notices: { echo: (text) => void seen.echoes.push(text) } },
  });
  return {
    server,
    client,
    raw: port2,
    seen,
    [Symbol.dispose]() {
      server[Symbol.dispose]();
      client[Symbol.dispose]();
    },
  };
}

Deno.test("Port.call() brings the answer of the other side", async () => {
  using ports = connect();
  assert.equal(await ports.client.call("double", 21, { signal: never }), 42);
});

Deno.test("Port.call() rejects with the fault and message of the other side", async () => {
  using ports = connect();
  await assert.rejects(
    ports.client.call("refuse", null, { signal: never }),
    (thrown) =>
      thrown instanceof WorkerError && thrown.fault === "refused" &&
      thrown.message === "not granted",
  );
});

Deno.test("Port.call() rejects at once on abort and tells the other side", async () => {
  using ports = connect();
  const stop = new AbortController();
  const answer = ports.client.call("wait", null, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await assert.rejects(answer, { message: "enough" });
  await ports.client.call("double", 1, { signal: never });
  assert.equal(ports.seen.aborted.length, 1);
});

Deno.test("Port.close() ends every wait with its reason", async () => {
  using ports = connect();
  const answer = ports.client.call("wait", null, { signal: never });
  ports.client.close(new Error("gone"));
  await assert.rejects(answer, { message: "gone" });
  await assert.rejects(ports.client.call("double", 1, { signal: never }), { message: "gone" });
  await assert.rejects(ports.client.notify("text", "a"), { message: "gone" });
});

Deno.test("Port.notify() waits when the reader takes nothing, and loses nothing", async () => {
  const gate = Promise.withResolvers<void>();
  using ports = connect({ onText: () => gate.promise });
  let sent = 0;
  const writing = (async () => {
    for (; sent < 1000; sent++) await ports.client.notify("text", `${sent}`);
  })();
  while (sent < 255) await turn();
  await turn();
  assert.ok(sent < 300, `sent ${sent} before the reader took one`);
  gate.resolve();
  await writing;
  await ports.client.call("double", 1, { signal: never });
  assert.deepEqual(ports.seen.texts, Array.from({ length: 1000 }, (_, index) => `${index}`));
});

Deno.test("Port hands out an answer after the notices sent before it", async () => {
  const { port1, port2 } = new MessageChannel();
  const order: string[] = [];
  const sides = { onViolation: (error: Error) => assert.fail(error.message) };
  using _server: Port<typeof left, typeof right> = new Port(port1, {
    ...sides,
    local: left,
    remote: right,
    handlers: {
      calls: {
        async double(value) {
          for (const text of ["a", "b", "c"]) await _server.notify("echo", text);
          return value;
        },
        wait: () => null,
        refuse: () => null,
        lie: () => 7,
      },
      notices: { text: () => {} },
    },
  });
  using client = new Port(port2, {
    ...sides,
    local: right,
    remote: left,
    handlers: {
      calls: {},
      notices: {
        async echo(text) {
          await new Promise<void>((resolve) => queueMicrotask(resolve));
          order.push(text);
        },
      },
    },
  });
  await client.call("double", 1, { signal: never });
  order.push("answer");
  assert.deepEqual(order, ["a", "b", "c", "answer"]);
});

for (
  const [what, message] of [
    ["an unknown call", { type: "call", id: 1, name: "toString", params: null }],
    ["an unknown notice", { type: "notice", name: "nope", params: null }],
    ["ill-typed params", { type: "call", id: 1, name: "double", params: "two" }],
    ["no frame at all", "hello"],
  ] as const
) {
  Deno.test(`Port reports ${what} as a violation and closes`, async () => {
    using ports = connect();
    ports.raw.postMessage(message);
    while (ports.seen.violations.length === 0) await turn();
    assert.match(ports.seen.violations[0] ?? "", /^Port violated: /);
    await assert.rejects(ports.server.notify("echo", "x"), /Port violated/);
  });
}

Deno.test("Port refuses an ill-typed answer", async () => {
  using ports = connect();
  await assert.rejects(
    ports.client.call("lie", null, { signal: never }),
    /Ill-typed answer to lie/,
  );
});

/** Lets messages of ports through. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
