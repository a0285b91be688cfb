import { strict as assert } from "node:assert";
import { isKnownUnsent } from "../../src/gateway/unsent.ts";

/** A listener that does `answer` to each connection. */
function listening(answer: (connection: Deno.Conn) => Promise<unknown>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      using _closed = connection;
      await answer(connection).catch(() => {/* it left early */});
    }
  })();
  return {
    port: listener.addr.transport === "tcp" ? listener.addr.port : 0,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

async function failure(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { method: "POST", body: "12345" });
    await response.body?.cancel();
  } catch (thrown) {
    return thrown;
  }
  return assert.fail("nothing failed");
}

const read = (connection: Deno.Conn) => connection.read(new Uint8Array(1024));

Deno.test("isKnownUnsent() knows a connection that never stood", async (t) => {
  await t.step("refused", async () => {
    const { port } = await (async () => {
      await using gone = listening(read);
      return gone;
    })();
    assert.ok(isKnownUnsent(await failure(`http://127.0.0.1:${port}/`)));
  });
  await t.step("a name that leads nowhere", async () => {
    assert.ok(isKnownUnsent(await failure("http://no-such-name.invalid/")));
  });
  await t.step("no TLS", async () => {
    await using server = listening(async (connection) => {
      await read(connection);
      await connection.write(new TextEncoder().encode("no TLS"));
    });
    assert.ok(isKnownUnsent(await failure(`https://127.0.0.1:${server.port}/`)));
  });
});

Deno.test("isKnownUnsent() takes a request for sent once the connection stood", async (t) => {
  await t.step("left after the request", async () => {
    await using server = listening(read);
    const place = `http://127.0.0.1:${server.port}`;
    assert.equal(isKnownUnsent(await failure(place)), false);
    const named = `${place}/${encodeURI(": client error (Connect): ")}?: client error (Connect): `;
    assert.equal(isKnownUnsent(await failure(named)), false);
  });
  await t.step("an answer that is none", async () => {
    await using server = listening(async (connection) => {
      await read(connection);
      await connection.write(new TextEncoder().encode("SSH-2.0\r\n\r\n"));
    });
    assert.equal(isKnownUnsent(await failure(`http://127.0.0.1:${server.port}/`)), false);
  });
  await t.step("whatever else is thrown", () => {
    for (const thrown of [new Error("other"), "client error (Connect)", undefined, null]) {
      assert.equal(isKnownUnsent(thrown), false);
    }
  });
});
