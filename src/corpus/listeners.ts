// Listeners on loopback that count who came: whoever gets in touch says the token of its case.
import { createSocket } from "node:dgram";

export type Listeners = AsyncDisposable & {
  readonly tcpPort: number;
  /** 0 where there is no ::1. */
  readonly tcp6Port: number;
  readonly udpPort: number;
  /** Each message as it came, with the listener's name in front. */
  readonly heard: () => readonly string[];
};

const MAX_BYTES = 1024;
/** What is asked for by HTTP: a module, for those who import it. */
const ANSWER = "HTTP/1.1 200 OK\r\ncontent-type: text/javascript\r\ncontent-length: 0\r\n" +
  "connection: close\r\n\r\n";

/** `sockets` are paths for unix sockets. */
export async function listen(sockets: readonly string[]): Promise<Listeners> {
  const heard: string[] = [];
  const stack = new AsyncDisposableStack();
  const streams: (readonly [string, Deno.Listener])[] = [
    ["tcp", Deno.listen({ hostname: "127.0.0.1", port: 0 })],
    ...sockets.map((path) => ["unix", Deno.listen({ transport: "unix", path })] as const),
  ];
  const tcp6 = listenOn6();
  if (tcp6) streams.push(["tcp6", tcp6]);
  for (const [name, listener] of streams) {
    stack.defer(() => listener.close());
    void hearAll(listener, (text) => heard.push(`${name} ${text}`));
  }
  const udp = createSocket("udp4");
  udp.on("message", (bytes) => heard.push(`udp ${bytes.toString("latin1").slice(0, MAX_BYTES)}`));
  await new Promise<void>((resolve, reject) => {
    udp.once("error", reject);
    udp.bind(0, "127.0.0.1", resolve);
  });
  stack.defer(() => new Promise<void>((resolve) => udp.close(resolve)));
  return {
    tcpPort: portOf(streams[0]?.[1]),
    tcp6Port: portOf(tcp6),
    udpPort: udp.address().port,
    heard: () => heard,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function listenOn6(): Deno.TcpListener | undefined {
  try {
    return Deno.listen({ hostname: "::1", port: 0 });
  } catch {
    return undefined; // no IPv6 here
  }
}

function portOf(listener: Deno.Listener | undefined): number {
  return listener?.addr.transport === "tcp" ? listener.addr.port : 0;
}

async function hearAll(listener: Deno.Listener, tell: (text: string) => void): Promise<void> {
  for await (const connection of listener) void hear(connection, tell);
}

async function hear(connection: Deno.Conn, tell: (text: string) => void): Promise<void> {
  using held = connection;
  const bytes = new Uint8Array(MAX_BYTES);
  try {
    const count = await held.read(bytes) ?? 0;
    tell(new TextDecoder().decode(bytes.subarray(0, count)));
    await held.write(new TextEncoder().encode(ANSWER));
  } catch {
    // It was heard, or it only knocked.
  }
}
