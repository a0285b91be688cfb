import { strict as assert } from "node:assert";
import { bashTool } from "../../src/tools/bash.ts";
import { bashOutputTool } from "../../src/tools/bash_output.ts";
import { systemClock } from "../../src/base/clock.ts";
import { settle } from "../support/fake_clock.ts";
import { FakeBox } from "./fake_box.ts";
import { ToolWorld } from "./tool_world.ts";

async function started(): Promise<{ place: ToolWorld; box: FakeBox }> {
  const box = new FakeBox(() => {});
  const place = new ToolWorld({}, { box });
  await place.call(bashTool, { command: "x", run_in_background: true });
  return { place, box };
}

Deno.test("BashOutput reads on from a cursor, until the end", async () => {
  const { place, box } = await started();
  await using _place = place;
  const read = async (args: Record<string, unknown> = {}) =>
    JSON.parse(await place.text(bashOutputTool, { bash_id: "bash_1", ...args }));
  const running = { bash_id: "bash_1", status: "running", exit_code: null, dropped_lines: 0 };
  assert.deepEqual(await read(), { ...running, next_cursor: 0, output: "" });
  await box.last.write("one\ntwo\nthr");
  assert.deepEqual(await read(), { ...running, next_cursor: 2, output: "one\ntwo\n" });
  assert.deepEqual(await read({ cursor: 1 }), { ...running, next_cursor: 2, output: "two\n" });
  assert.deepEqual(await read({ cursor: 99 }), { ...running, next_cursor: 2, output: "" });
  await box.last.write("ee");
  box.last.end(4);
  await settle();
  const ended = { ...running, status: "completed", exit_code: 4 };
  assert.deepEqual(await read({ cursor: 2 }), { ...ended, next_cursor: 3, output: "three\n" });
});

Deno.test("BashOutput tells how many of the lines asked for are dropped", async () => {
  const { place, box } = await started();
  await using _place = place;
  for (let line = 0; line < 20_010; line++) await box.last.write(`${line}\n`);
  const read = async (cursor: number) => {
    const text = await place.text(bashOutputTool, { bash_id: "bash_1", cursor });
    const { dropped_lines, output } = JSON.parse(text);
    return [dropped_lines, output.split("\n")[0]];
  };
  assert.deepEqual(await read(0), [10, "10"]);
  assert.deepEqual(await read(4), [6, "10"]);
  assert.deepEqual(await read(10), [0, "10"]);
  assert.deepEqual(await read(11), [0, "11"]);
});

Deno.test("BashOutput gives at most 128 KiB, and all of it bit by bit", async () => {
  const { place, box } = await started();
  await using _place = place;
  const lines = Array.from({ length: 400 }, (_, at) => `${at}:${"x".repeat(1000)}\n`);
  await box.last.write(lines.join(""));
  let all = "";
  let readings = 0;
  for (let cursor = 0; cursor < 400; readings++) {
    const text = await place.text(bashOutputTool, { bash_id: "bash_1", cursor });
    const { output, next_cursor } = JSON.parse(text);
    assert.ok(output.length <= 128 * 1024 && output.length > 120_000 || next_cursor === 400);
    all += output;
    cursor = next_cursor;
  }
  assert.equal(all, lines.join(""));
  assert.equal(readings, 4);
});

Deno.test("BashOutput returns the lines that match a filter, and passes over the others", async () => {
  const { place, box } = await started();
  await using _place = place;
  await box.last.write("ok 1\nerror: a\r\n\nok 2\nError: b\n");
  const table: readonly (readonly [filter: string, output: string])[] = [
    ["error", "error: a\n"],
    ["(?i)^error", "error: a\nError: b\n"],
    ["^$", "\n"],
    ["nothing", ""],
  ];
  for (const [filter, output] of table) {
    const text = await place.text(bashOutputTool, { bash_id: "bash_1", filter });
    const { next_cursor, output: got } = JSON.parse(text);
    assert.deepEqual([got, next_cursor], [output, 5], filter);
  }
  for (const filter of ["(", "(x)\\1"]) {
    const line = await place.refusal(bashOutputTool, { bash_id: "bash_1", filter });
    assert.match(line, /^bad_input: filter: pattern: /);
  }
});

Deno.test("BashOutput gives up a filter that takes too long", async () => {
  const { place, box } = await started();
  await using _place = place;
  await box.last.write("x\n".repeat(10));
  let elapsed = 0;
  const clock = { ...systemClock, monotonic: () => elapsed += 5_000 };
  const args = { bash_id: "bash_1", filter: "x" };
  const reading = bashOutputTool.perform(
    args,
    { ...place.world, clock },
    new AbortController().signal,
  );
  const message = "filter: takes too long; use a simpler one";
  await assert.rejects(reading, { fault: "bad_input", message });
});

Deno.test("BashOutput refuses an id that is none", async () => {
  await using place = new ToolWorld();
  for (const id of ["bash_1", "toString", "__proto__"]) {
    const line = await place.refusal(bashOutputTool, { bash_id: id });
    const end = "there is none; ended ones are kept 5 minutes";
    assert.equal(line, `refused: Cannot find background command "${id}": ${end}`);
  }
});

Deno.test("BashOutput.prepare() needs the terminal session, and changes nothing", () => {
  const needs = [{ type: "terminal_session", id: "bash_3" }];
  assert.deepEqual(bashOutputTool.prepare({ bash_id: "bash_3" }), { mutating: false, needs });
  const message = "cursor: expected a whole number of at least 0, got -1";
  assert.throws(() => bashOutputTool.prepare({ bash_id: "x", cursor: -1 }), { message });
});
