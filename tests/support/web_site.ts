// A site on this machine that counts who reaches it and keeps what they send, byte for byte.

export type WebSite = AsyncDisposable & {
  readonly port: number;
  /** How many have connected. */
  readonly contacts: () => number;
  /** The whole of each request. */
  readonly requests: readonly string[];
};

/** `answer` gives the whole answer to a path, by default a page that says where it is. */
export function serveSite(
  answer: (path: string) => string = (path) => page(`you are at ${path}`),
): WebSite {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const requests: string[] = [];
  const open = new Set<Promise<void>>();
  let contacts = 0;
  const serve = async (connection: Deno.TcpConn) => {
    using _closed = connection;
    const request = await readRequest(connection);
    requests.push(request);
    const [, path = ""] = request.split(" ", 2);
    await connection.write(new TextEncoder().encode(answer(path)));
  };
  const serving = (async () => {
    for await (const connection of listener) {
      contacts++;
      const served = serve(connection).catch(() => {/* it left early */});
      open.add(served);
      served.then(() => open.delete(served));
    }
  })();
  return {
    port: listener.addr.port,
    contacts: () => contacts,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
      await Promise.all(open);
    },
  };
}

export function page(text: string): string {
  return `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
}

export function redirect(location: string): string {
  return `HTTP/1.1 302 Found\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`;
}

async function readRequest(connection: Deno.TcpConn): Promise<string> {
  const buffer = new Uint8Array(64 * 1024);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder("latin1").decode(buffer.subarray(0, count));
  }
  return text;
}
