// A recorded answer as scripts/record_fixtures.ts writes it, and the ways to cut one.
import { strict as assert } from "node:assert";

export type Recording = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
};

/** `file` is `PROTOCOL/recorded_NAME.txt`. */
export async function readRecording(file: string): Promise<Recording> {
  const bytes = await Deno.readFile(new URL(`../fixtures/providers/${file}`, import.meta.url));
  // No header holds a line of its own, so the first empty one ends them; all of them are ASCII.
  const end = new TextDecoder().decode(bytes).indexOf("\n\n");
  const [first = "", ...lines] = new TextDecoder().decode(bytes.subarray(0, end)).split("\n");
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(first) ?? [];
  assert.ok(status, `${file} begins with a status line`);
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(": ");
    return [line.slice(0, colon), line.slice(colon + 2)];
  });
  return { status: Number(status), headers: new Headers(headers), body: bytes.slice(end + 2) };
}

/** Whole, byte by byte, and in two at every place. */
export function* cutsOf(
  body: Uint8Array<ArrayBuffer>,
): Generator<[cut: string, pieces: Uint8Array<ArrayBuffer>[]]> {
  yield ["whole", [body]];
  yield ["byte by byte", Array.from(body, (byte) => Uint8Array.of(byte))];
  for (let at = 1; at < body.length; at++) {
    yield [`cut at ${at}`, [body.subarray(0, at), body.subarray(at)]];
  }
}
