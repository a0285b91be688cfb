// One page of the web as a tool wants it: redirects followed on the host that was asked for and
// nowhere else, and read to a bound.
import { abortable } from "../base/abortable.ts";
import { ByteBuffer } from "../base/byte_buffer.ts";
import type { Clock } from "../base/clock.ts";
import { timeLimit } from "../base/time_limit.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { type PageText, pageText } from "./page_text.ts";
import { shown } from "./path_text.ts";
import type { Web, WebAnswer } from "./web.ts";

export type WebPage = PageText & {
  /** Where it was in the end. */
  readonly url: string;
  readonly status: number;
  /** Where it leads to on another host, which nobody was asked about. */
  readonly redirectsTo: string | undefined;
  /** Whether there was more of it. */
  readonly isCut: boolean;
};

const MAX_REDIRECTS = 5;
const MAX_BYTES = 1_000_000;
const TIMEOUT_MS = 30_000;

/**
 * @throws WorkerError `refused` for an address that is not granted; `provider` when the place cannot
 * be reached or takes longer than 30 s.
 */
export async function readPage(
  url: string,
  { web, clock, signal: stop }: Reading & { readonly clock: Clock },
): Promise<WebPage> {
  const reason = () =>
    new WorkerError("provider", `${shown(url)} took longer than ${TIMEOUT_MS / 1000} s`);
  using limit = timeLimit(TIMEOUT_MS, { clock, reason });
  const signal = AbortSignal.any([stop, limit.signal]);
  const { place, answer, redirectsTo } = await follow(url, { web, signal });
  const { bytes, isCut } = await readBody(answer, { place, signal });
  const contentType = answer.headers["content-type"];
  const text = pageText({ bytes, contentType });
  return { ...text, url: place, status: answer.status, redirectsTo, isCut };
}

type Reading = { readonly web: Web; readonly signal: AbortSignal };
type Found = {
  readonly place: string;
  readonly answer: WebAnswer;
  readonly redirectsTo: string | undefined;
};

async function follow(url: string, { web, signal }: Reading): Promise<Found> {
  let place = url;
  let answer = await web.get(place, { signal });
  for (let hops = 0;; hops++) {
    const next = targetOf(answer, place);
    const isElsewhere = next !== undefined && hostOf(next) !== hostOf(url);
    if (next === undefined || isElsewhere) return { place, answer, redirectsTo: next };
    await answer.body?.cancel();
    if (hops === MAX_REDIRECTS) break;
    const from = place;
    place = next;
    answer = await web.get(place, { signal }).catch((thrown) => {
      throw redirected(thrown, from, place);
    });
  }
  throw new WorkerError("provider", `${shown(url)} redirects more than ${MAX_REDIRECTS} times`);
}

function targetOf({ status, headers }: WebAnswer, place: string): string | undefined {
  const { location } = headers;
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  return URL.canParse(location, place) ? new URL(location, place).href : undefined;
}

/** As a question to the host names it: with its port, where that is not the scheme's own. */
function hostOf(url: string): string {
  return new URL(url).host;
}

/** A refusal says where it leads: the model did not choose that place. */
function redirected(thrown: unknown, from: string, place: string): unknown {
  if (!(thrown instanceof WorkerError)) return thrown;
  const line = `${shown(from)} redirects to ${shown(place)}: ${thrown.message}`;
  return new WorkerError(thrown.fault, line);
}

async function readBody(
  { body }: WebAnswer,
  { place, signal }: { readonly place: string; readonly signal: AbortSignal },
): Promise<{ readonly bytes: Uint8Array; readonly isCut: boolean }> {
  const read = new ByteBuffer();
  const reader = body?.getReader();
  try {
    while (reader && read.length < MAX_BYTES) {
      const { value } = await abortable(reader.read(), signal);
      if (value === undefined) return { bytes: read.filled, isCut: false };
      read.append(value.subarray(0, MAX_BYTES - read.length));
    }
    return { bytes: read.filled, isCut: reader !== undefined };
  } catch (thrown) {
    signal.throwIfAborted();
    const reason = messageOf(thrown).replace(/\s+/g, " ").slice(0, 300);
    throw new WorkerError("provider", `Cannot read ${shown(place)}: ${reason}`);
  } finally {
    reader?.cancel().catch(() => {/* it has ended by itself */});
  }
}
