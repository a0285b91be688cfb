// One page of the web at a time: judged as it is written, looked up once, judged by every address it
// has, and fetched from the judged one. No key, no cookie, no redirect, nothing without a bound.
import { abortable } from "../base/abortable.ts";
import type { Clock } from "../base/clock.ts";
import { timeLimit } from "../base/time_limit.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import type { EgressLog } from "./egress_log.ts";
import type { RouteResponse } from "./gateway.ts";
import { type HttpAnswer, httpGet } from "./http_get.ts";
import type { WebConnection } from "./http_source.ts";
import type { Traffic } from "./traffic.ts";
import {
  judgeAddress,
  judgeUrl,
  type WebRefusal,
  type WebRules,
  type WebTarget,
} from "./web_judge.ts";

export type WebRequest = {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
};

/** What touches the network. */
export interface WebNet {
  /** Every address of a name, those of IPv4 first; rejects when it has none. */
  lookUp(name: string): Promise<readonly string[]>;
  /** A connection to that address; with TLS to whoever proves to be `tlsName`, where it is given. */
  connect(
    address: string,
    options: ConnectOptions,
  ): Promise<WebConnection>;
}

export type ConnectOptions = {
  readonly port: number;
  readonly tlsName: string | undefined;
  readonly signal: AbortSignal;
};

export type WebFetchOptions = {
  readonly rules: WebRules;
  readonly net: WebNet;
  readonly clock: Pick<Clock, "sleep">;
  readonly signal: AbortSignal;
  readonly egress: Pick<EgressLog, "begin">;
};

/** Most of a body that is let through, unpacked. */
export const MAX_WEB_BYTES = 1024 * 1024;
/** For one page from the first look-up to the last byte. */
const TIMEOUT_MS = 30_000;

const USER_AGENT = "Mozilla/5.0 (compatible; sheath)";
const ACCEPT = "text/html,application/xhtml+xml,text/plain;q=0.9,application/json;q=0.9,*/*;q=0.5";
const LET_INTO_REQUEST = ["accept", "accept-language"];
const LET_OUT_OF_RESPONSE = [
  "content-language",
  "content-type",
  "date",
  "last-modified",
  "location",
  "retry-after",
];
const MAX_HEADER = 4096;

/**
 * @throws WorkerError `refused` for what is not granted, `provider` when the place cannot be reached
 * or takes too long. The body ends after MAX_WEB_BYTES, and fails when the time is over.
 */
export async function fetchPage(
  request: WebRequest,
  options: WebFetchOptions,
): Promise<RouteResponse> {
  const target = granted(judgeUrl(request.url, options.rules));
  using stack = new DisposableStack();
  const traffic = stack.use(options.egress.begin({ host: target.host, method: "GET" }));
  const limit = stack.use(timeLimit(TIMEOUT_MS, {
    clock: options.clock,
    reason: () =>
      new WorkerError("provider", `No page from "${target.host}" in ${TIMEOUT_MS / 1000} s`),
  }));
  const signal = AbortSignal.any([options.signal, limit.signal]);
  try {
    const address = await addressOf(target, { ...options, signal });
    const connection = stack.use(await connected(address, target, { net: options.net, signal }));
    const asked = { url: target.url, headers: headersFor(request) };
    const answer = await abortable(httpGet(counted(connection, traffic), asked), signal);
    traffic.answered(answer.status);
    return answerOf(answer, { end: stack.move(), signal });
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof WorkerError) throw thrown;
    const reason = messageOf(thrown).replace(/\s+/g, " ").slice(0, 300);
    throw new WorkerError("provider", `Cannot reach "${target.host}": ${reason}`);
  }
}

/** The one address to connect to; all of them must be allowed. */
async function addressOf(
  target: WebTarget,
  { net, rules, signal }: Pick<WebFetchOptions, "net" | "rules" | "signal">,
): Promise<string> {
  const found = target.isLiteral ? [target.name] : await abortable(net.lookUp(target.name), signal);
  for (const address of found) {
    const refusal = judgeAddress(address, target, rules);
    if (refusal) granted(refusal);
  }
  const [first] = found;
  if (first === undefined) throw new Error("it has no address");
  if (rules.grant.type === "hosts" && !target.isLiteral && first.includes(":")) {
    throw new Error("it has no IPv4 address, expected one for a host granted by name");
  }
  return first;
}

/** One that is wanted no more when it stands is closed. */
async function connected(
  address: string,
  { url, name, port }: WebTarget,
  { net, signal }: Pick<WebFetchOptions, "net" | "signal">,
): Promise<WebConnection> {
  const tlsName = url.protocol === "https:" ? name : undefined;
  const connecting = net.connect(address, { port, tlsName, signal });
  try {
    return await abortable(connecting, signal);
  } catch (thrown) {
    connecting.then((unwanted) => unwanted[Symbol.dispose](), () => {/* there is none */});
    throw thrown;
  }
}

function counted(connection: WebConnection, traffic: Traffic): WebConnection {
  return {
    async read(into) {
      const count = await connection.read(into);
      traffic.received(count ?? 0);
      return count;
    },
    async write(bytes) {
      const count = await connection.write(bytes);
      traffic.sent(count);
      return count;
    },
    [Symbol.dispose]: () => connection[Symbol.dispose](),
  };
}

function granted(judged: WebTarget | WebRefusal): WebTarget {
  if (judged.type === "refused") throw new WorkerError("refused", judged.why);
  return judged;
}

function headersFor({ headers }: WebRequest): Headers {
  const sent = new Headers({ accept: ACCEPT, "accept-language": "en,*;q=0.5" });
  for (const [name, value] of headers) {
    if (LET_INTO_REQUEST.includes(name.toLowerCase())) sent.set(name, value.slice(0, 200));
  }
  sent.set("user-agent", USER_AGENT);
  return sent;
}

type Answering = { readonly end: Disposable; readonly signal: AbortSignal };

function answerOf({ status, headers, body }: HttpAnswer, answering: Answering): RouteResponse {
  const let_ = [...headers].filter(([name]) => LET_OUT_OF_RESPONSE.includes(name));
  if (!body) answering.end[Symbol.dispose]();
  return {
    status,
    headers: let_.map(([name, value]): [string, string] => [name, value.slice(0, MAX_HEADER)]),
    body: body && cutBody(body, answering),
  };
}

/** Reads on demand, so that no more is unpacked than somebody takes. */
function cutBody(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { end, signal }: Answering,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let left = MAX_WEB_BYTES;
  const finish = async () => {
    end[Symbol.dispose](); // first: what still reads from it fails then
    await reader.cancel().catch(() => {/* it has ended by itself */});
  };
  signal.addEventListener("abort", () => void finish(), { once: true });
  return new ReadableStream({
    async pull(controller) {
      try {
        const { value } = await abortable(reader.read(), signal);
        signal.throwIfAborted(); // it also looks complete then
        const taken = value?.subarray(0, left);
        left -= taken?.length ?? 0;
        if (taken) controller.enqueue(taken);
        if (taken && left > 0) return;
        controller.close();
      } catch (thrown) {
        controller.error(signal.aborted ? signal.reason : thrown);
      }
      await finish();
    },
    cancel: finish,
  }, { highWaterMark: 0 });
}
