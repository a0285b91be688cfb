// The WebSocket listener for hosts on this machine. Not on Deno.serve: that one stops for good when mute
// connections use up the descriptors, reads a peer's bytes before the peer can be judged, and takes what comes unbounded.
import type { Clock } from "../base/clock.ts";
import { writeAll } from "./byte_connection.ts";
import { ByteLink } from "./byte_link.ts";
import type { FrameLink } from "./frame_link.ts";
import type { FrameListener } from "./frame_listener.ts";
import { readHead } from "./http_head.ts";
import { ConnectionListener } from "./listener.ts";
import { judgeUpgrade, upgradeResponse } from "./upgrade.ts";
import { WebSocketFraming } from "./web_socket_framing.ts";

const HOSTNAME = "127.0.0.1";

export type WebSocketListenOptions = {
  readonly clock: Clock;
  /** Bearer token that peers have to show; none asked if undefined. */
  readonly token?: string | undefined;
  /** Whether the process at `remotePort` may connect; asked before a byte is read. */
  isAllowedPeer(remotePort: number, localPort: number): boolean;
};

/** Listens on a free port of 127.0.0.1. Needs the net permission only for this call. */
export function listenWebSocket(options: WebSocketListenOptions): FrameListener {
  const source = Deno.listen({ hostname: HOSTNAME, port: 0 });
  return new ConnectionListener(source, {
    endpoint: `ws://${HOSTNAME}:${source.addr.port}`,
    clock: options.clock,
    ready: (connection) => upgrade(connection, options),
  });
}

async function upgrade(
  connection: Deno.TcpConn,
  options: WebSocketListenOptions,
): Promise<FrameLink | undefined> {
  const { port } = connection.localAddr;
  if (!options.isAllowedPeer(connection.remoteAddr.port, port)) return undefined;
  // Without it three small frames took 44 ms.
  connection.setNoDelay(true);
  const { head, rest } = await readHead(connection);
  const verdict = judgeUpgrade(head, { host: `${HOSTNAME}:${port}`, token: options.token });
  await writeAll(connection, upgradeResponse(verdict));
  if (verdict.type === "refused") return undefined;
  const framing = new WebSocketFraming("server");
  return new ByteLink(connection, { framing, clock: options.clock, early: rest });
}
