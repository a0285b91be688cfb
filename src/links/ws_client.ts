// Connects to a worker's WebSocket on this machine, as a host does.
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { writeAll } from "./byte_connection.ts";
import { ByteLink } from "./byte_link.ts";
import { dial } from "./dial.ts";
import type { FrameLink } from "./frame_link.ts";
import { readHead } from "./http_head.ts";
import { upgradeRequest } from "./upgrade.ts";
import { WebSocketFraming } from "./web_socket_framing.ts";

export type WebSocketConnectOptions = {
  readonly clock: Clock;
  readonly token?: string | undefined;
};

/**
 * `endpoint` is `ws://127.0.0.1:<port>`, as in a record (wire: AgentRecord); others are refused, for
 * the token would cross a network in clear. Throws a WorkerError: `bad_input` for another endpoint,
 * `connection_lost` if nobody is there or the worker refuses; rejects with the abort reason.
 */
export async function connectWebSocket(
  endpoint: string,
  options: WebSocketConnectOptions,
  signal: AbortSignal,
): Promise<FrameLink> {
  const [, host, hostname, port] = endpoint.match(/^ws:\/\/((127\.0\.0\.1):(\d{1,5}))\/?$/) ?? [];
  if (host === undefined || hostname === undefined || Number(port) > 0xffff) {
    const expected = `expected "ws://127.0.0.1:<port>"`;
    throw new WorkerError("bad_input", `Cannot connect to "${endpoint}": ${expected}`);
  }
  const connect = () => Deno.connect({ hostname, port: Number(port) });
  return await dial({ endpoint, connect, shakeHands: (it) => upgrade(it, host, options) }, signal);
}

async function upgrade(
  connection: Deno.TcpConn,
  host: string,
  options: WebSocketConnectOptions,
): Promise<FrameLink> {
  connection.setNoDelay(true);
  const request = upgradeRequest({ host, token: options.token });
  await writeAll(connection, request.text);
  const { head, rest } = await readHead(connection);
  if (!request.isAccepted(head)) {
    throw new WorkerError("connection_lost", `worker answered "${head.firstLine}"`);
  }
  const framing = new WebSocketFraming("client");
  return new ByteLink(connection, { framing, clock: options.clock, early: rest });
}
