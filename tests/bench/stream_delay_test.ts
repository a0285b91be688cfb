import { strict as assert } from "node:assert";
import { TokenTimes } from "../../bench/stream_delay.ts";

const STREAM = 'data: {"content":"@1.250 "}\n\ndata: {"content":"@20.000 "}\n\ndata: [DONE]\n\n';

Deno.test("TokenTimes finds each token once, wherever the stream is cut", () => {
  for (let first = 0; first <= STREAM.length; first++) {
    for (let second = first; second <= STREAM.length; second++) {
      const times = new TokenTimes();
      const pieces = [
        STREAM.slice(0, first),
        STREAM.slice(first, second),
        STREAM.slice(second),
      ];
      assert.deepEqual(pieces.flatMap((piece) => times.read(piece)), [1.25, 20], `${first}`);
    }
  }
});

Deno.test("TokenTimes finds all tokens of one piece", () => {
  assert.deepEqual(new TokenTimes().read("@1.000 @2.000 @3.000 "), [1, 2, 3]);
});
