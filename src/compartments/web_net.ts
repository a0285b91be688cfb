// The network as fetching from the web needs it: name look-ups, and connections to one address.
import type { WebNet } from "../gateway/web_fetch.ts";

/** For a thread that may use the network. Nothing is loaded before the first look-up. */
export const webNet: WebNet = {
  async lookUp(name) {
    // Unlike Deno.resolveDns it reads /etc/hosts, and needs no permission for the name server.
    const { lookup } = await import("node:dns/promises");
    const found = await lookup(name, { all: true, order: "ipv4first" });
    return found.map(({ address }) => address);
  },
  async connect(address, { port, tlsName, signal }) {
    const connection = await Deno.connect({ hostname: address, port, signal });
    return tlsName === undefined ? connection : await secure(connection, { tlsName, signal });
  },
};

/**
 * The runtime's HTTP client speaks no TLS to an address of our choice: this does. A place that is
 * mute in its handshake is left at once, but the runtime keeps the socket until it hangs up.
 */
async function secure(
  connection: Deno.TcpConn,
  { tlsName, signal }: { readonly tlsName: string; readonly signal: AbortSignal },
): Promise<Deno.TlsConn> {
  const secured = await Deno.startTls(connection, { hostname: tlsName });
  using stack = new DisposableStack();
  stack.use(secured);
  const abort = () => stack.dispose();
  signal.addEventListener("abort", abort, { once: true });
  try {
    await secured.handshake();
    signal.throwIfAborted();
    stack.move();
    return secured;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
