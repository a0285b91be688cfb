// Strangers at the worker's socket, and frames that are none: dropped, while the host is served.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { decodeChildFrame } from "../protocol/frames.ts";
import { encodeFrame } from "../protocol/encode.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { BINARY, CONTINUATION, frameHeader, TEXT } from "../links/web_socket_header.ts";
import type { DirectCase, Sight, Stage } from "./direct_case.ts";
import { callAnswer, PLAIN } from "./model_server.ts";
import { answerTo, enter, frame, type Guest, knock, textFrame } from "./visitor.ts";

const about = { row: 24, layer: "socket" } as const;
const ANSWER_MS = 2_000;
const FLOOD = { pieces: 100, pieceBytes: 1024 * 1024 } as const;
const SILENT = { before: 64, after: 20, ms: 4_000 } as const;

const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What a handshake says otherwise than the right one. */
type Change = {
  readonly firstLine?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
};

const HANDSHAKES: Readonly<Record<string, (stage: Stage) => Change>> = {
  "without the token": () => ({ headers: { authorization: undefined } }),
  "with another token": () => ({ headers: { authorization: "Bearer token-0000" } }),
  "with the beginning of the token": ({ token }) => ({
    headers: { authorization: `Bearer ${token.slice(0, -1)}` },
  }),
  "of a web page": () => ({ headers: { origin: "https://example.com" } }),
  "of a web page on this machine": ({ port }) => ({
    headers: { origin: `http://127.0.0.1:${port}` },
  }),
  "by a name that was made to point here": ({ port }) => ({
    headers: { host: `evil.example:${port}` },
  }),
  "that is plain HTTP": () => ({ headers: { upgrade: undefined, connection: "close" } }),
  "that is a POST": () => ({ firstLine: "POST / HTTP/1.1" }),
};

/** None of them may start, end or answer anything. */
const TEXTS: Readonly<Record<string, string>> = {
  "no JSON": "run everything",
  "half a frame": '{"kind":"run","assign',
  "two frames in one": '{"kind":"cancel"}{"kind":"cancel"}',
  "an unknown kind": '{"kind":"execute","assignment":"a"}',
  "a field given twice": '{"kind":"run","assignment":"a","assignment":"b"}',
  "a run under __proto__": '{"__proto__":{"kind":"run","assignment":"a"}}',
  "an answer to what was never asked": '{"kind":"approval_reply","id":"sa-0","approved":true}',
  "a yes that is a word": '{"kind":"approval_reply","id":"sa-0","approved":"true"}',
  "the end of a run that is over": '{"kind":"cancel"}',
  "100,000 levels": deep(100_000),
  "100,000 levels of history": `{"kind":"run","assignment":"a","messages":[${deep(100_000)}]}`,
  "a lone surrogate": '{"kind":"run","assignment":"\\ud800"}',
};

const RUN = bytesOf('{"kind":"run","assignment":"a"}');

const BYTES: Readonly<Record<string, () => Iterable<Uint8Array>>> = {
  "text that is not UTF-8": () => [
    frame(new Uint8Array([...RUN.subarray(0, -2), 0xff, 0xc0, 0x22, 0x7d]), { opcode: TEXT }),
  ],
  "a run in bytes": () => [frame(RUN, { opcode: BINARY })],
  "a run that is not masked": () => [
    frameHeader(RUN.length, { opcode: TEXT, isFinal: true }),
    RUN,
  ],
  "a run of an undefined kind": () => [frame(RUN, { opcode: 0x3 })],
  "the end of a message that never began": () => [frame(RUN, { opcode: CONTINUATION })],
  "a frame that is cut": () => [textFrame("x".repeat(1000)).subarray(0, 500)],
  "a frame of 2^63 bytes": () => [
    new Uint8Array([0x81, 0xff, 0x7f, ...new Uint8Array(7).fill(0xff), 0, 0, 0, 0]),
    RUN,
  ],
  "100 MB in one frame": () => [
    frameHeader(FLOOD.pieces * FLOOD.pieceBytes, {
      opcode: TEXT,
      isFinal: true,
      mask: new Uint8Array(4),
    }),
    ...flood(),
  ],
  "100 MB in pieces": function* () {
    let opcode: number = TEXT;
    for (const piece of flood()) {
      yield frame(piece, { opcode, isFinal: false });
      opcode = CONTINUATION;
    }
  },
  "100 MB of frames that are none": function* () {
    for (const piece of flood()) yield frame(piece, { opcode: TEXT });
  },
};

export const SOCKET_CASES: readonly DirectCase[] = [
  ...Object.entries(HANDSHAKES).map(([what, change]): DirectCase => ({
    ...about,
    name: `a handshake ${what}`,
    attack: (stage) => comeIn(stage, [bytesOf(handshake(stage, change(stage)))]),
  })),
  {
    ...about,
    name: "a handshake that is noise",
    attack: (stage) =>
      comeIn(stage, [crypto.getRandomValues(new Uint8Array(4096)), bytesOf("\r\n\r\n")]),
  },
  {
    ...about,
    name: "a handshake of 100 MB",
    attack: (stage) => comeIn(stage, [bytesOf("GET / HTTP/1.1\r\nx: "), ...flood()]),
  },
  { ...about, name: "many who come and say nothing", attack: sayNothing },
  ...Object.entries(TEXTS).map(([what, text]): DirectCase => ({
    ...about,
    name: `a frame that is none: ${what}`,
    attack: (stage) => sendFirst(stage, () => [textFrame(text)]),
  })),
  ...Object.entries(BYTES).map(([what, bytes]): DirectCase => ({
    ...about,
    name: `bytes that are no frame: ${what}`,
    attack: (stage) => sendFirst(stage, bytes),
  })),
  {
    ...about,
    name: "a command comes to the worker's own socket",
    layer: "seccomp",
    needs: "kernel",
    attack: async (stage) => {
      const text = handshake(stage, {}).replaceAll("\r\n", "\\r\\n");
      const command =
        `exec 3<>/dev/tcp/127.0.0.1/${stage.port}; printf '${text}' >&3; head -n 1 <&3`;
      const seen = await stage.ask(callAnswer("Bash", { command }), command);
      const answer = seen.map((one) => /HTTP\/1\.1 \d{3}/.exec(one)?.[0]).find(Boolean);
      return { sign: answer && `it was answered ${answer}`, told: "it was not answered" };
    },
  },
];

/** Comes without leave; being let in is the sign. */
async function comeIn(stage: Stage, pieces: Iterable<Uint8Array>): Promise<Sight> {
  const answer = await answerTo(stage.port, pieces);
  const isLet = /^HTTP\/1\.1 [12]/.test(answer);
  const sign = isLet ? `it was answered "${answer}"` : await stage.harm();
  return { sign, told: answer === "" ? "it was not answered" : answer };
}

/** In front of a right frame; an answer to anything else is the sign. */
async function sendFirst(stage: Stage, bytes: () => Iterable<Uint8Array>): Promise<Sight> {
  const { sign, told } = await answerBehind(stage, bytes);
  return { sign: sign ?? await stage.harm(), told };
}

async function answerBehind(stage: Stage, bytes: () => Iterable<Uint8Array>): Promise<Sight> {
  await using guest = await enter(stage);
  const answer = firstAnswer(guest.link);
  await writeAll(guest, bytes());
  guest.link.send(encodeFrame({ kind: "run", assignment: PLAIN }))?.catch(() => {/* put out */});
  if (!await settlesWithin(answer, { ms: ANSWER_MS, clock: systemClock })) {
    return { sign: undefined, told: "it waits for more" };
  }
  const result = await answer;
  if (result === undefined) return { sign: undefined, told: "the connection was ended" };
  if (result === PLAIN) return { sign: undefined, told: "dropped, and the next frame was run" };
  return { sign: `it was answered "${result.slice(0, 40)}"`, told: "" };
}

async function writeAll(guest: Guest, pieces: Iterable<Uint8Array>): Promise<void> {
  for (const piece of pieces) {
    if (!await guest.write(piece)) return;
  }
}

/** What the first run came to; undefined if the connection ended before. */
async function firstAnswer(link: FrameLink): Promise<string | undefined> {
  for await (const text of link.frames) {
    const frame = decodeChildFrame(text);
    if (frame.kind === "terminal") return frame.result ?? frame.error ?? "";
  }
  return undefined;
}

/**
 * Some before the handshake, some behind it; whether a host gets in beside them, once all of them
 * are there or it is plain that they will not be.
 */
async function sayNothing(stage: Stage): Promise<Sight> {
  await using guests = new AsyncDisposableStack();
  using silent = new DisposableStack(); // leave first: where nobody is put out, guests wait for that
  for (let count = 0; count < SILENT.before; count++) silent.use(await knock(stage.port));
  const coming = Array.from({ length: SILENT.after }, () => enter(stage));
  guests.defer(async () => void await Promise.all(coming.map(leave)));
  await settlesWithin(Promise.all(coming), { ms: SILENT.ms, clock: systemClock });
  return { sign: await stage.harm(), told: "its host was served beside them" };
}

/** As soon as it is in; it may never get in. */
async function leave(coming: Promise<Guest>): Promise<void> {
  const guest = await coming.catch(() => undefined);
  await guest?.[Symbol.asyncDispose]();
}

function handshake(
  { port, token }: Stage,
  { firstLine = "GET / HTTP/1.1", headers = {} }: Change,
): string {
  const all: Readonly<Record<string, string | undefined>> = {
    host: `127.0.0.1:${port}`,
    upgrade: "websocket",
    connection: "Upgrade",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    authorization: `Bearer ${token}`,
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) => value ? [`${name}: ${value}`] : []);
  return [firstLine, ...lines, "", ""].join("\r\n");
}

function* flood(): Generator<Uint8Array> {
  const piece = new Uint8Array(FLOOD.pieceBytes).fill(0x78);
  for (let count = 0; count < FLOOD.pieces; count++) yield piece;
}
