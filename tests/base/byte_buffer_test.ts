import { strict as assert } from "node:assert";
import { ByteBuffer } from "../../src/base/byte_buffer.ts";

Deno.test("ByteBuffer holds what was appended and not dropped, whatever the sizes", () => {
  const buffer = new ByteBuffer();
  let model: number[] = [];
  for (let round = 0; round < 400; round++) {
    const bytes = Array.from({ length: (round * 37) % 1_500 }, (_, index) => (round + index) % 256);
    buffer.append(new Uint8Array(bytes));
    const dropped = (round * 53) % 1_400;
    buffer.drop(dropped);
    model = [...model, ...bytes].slice(dropped);
    assert.equal(buffer.length, model.length);
  }
  assert.deepEqual(Array.from(buffer.filled), model);
  buffer.clear();
  assert.equal(buffer.length, 0);
});

Deno.test("append() returns a view of the copy", () => {
  const buffer = new ByteBuffer();
  buffer.append(new Uint8Array([1]));
  const source = new Uint8Array([2, 3]);
  buffer.append(source)[0] = 9;
  assert.deepEqual([...buffer.filled, ...source], [1, 9, 3, 2, 3]);
});

Deno.test("drop() of more than there is leaves nothing", () => {
  const buffer = new ByteBuffer();
  buffer.append(new Uint8Array(10));
  buffer.drop(11);
  assert.equal(buffer.length, 0);
  assert.equal(buffer.filled.length, 0);
});

Deno.test("ByteBuffer takes one append larger than all before", () => {
  const buffer = new ByteBuffer();
  buffer.append(new Uint8Array([7]));
  buffer.append(new Uint8Array(5_000_000).fill(8));
  assert.equal(buffer.length, 5_000_001);
  assert.deepEqual([buffer.filled[0], buffer.filled.at(-1)], [7, 8]);
});
