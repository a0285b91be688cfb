// Lesson: a pipe without a writer, an endless device or a file of 6 GiB holds up no tool and fills no
// memory, and the tool reads a regular file right after.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, openSync, symlinkSync, writeSync } from "node:fs";
import { Playground } from "../support/playground.ts";
import { memoryBytes } from "../support/proc.ts";
import { calling, type NamedCall, scriptedSpec } from "../support/scripted_spec.ts";
import { eventOf, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const SPARSE_BYTES = 6 * 1024 ** 3;
/** For a call, with what a loaded machine may add. */
const CALL_MS = 2000;
const GROWTH_BYTES = 200 * 1024 ** 2;

const ENDS = ["tool_complete", "tool_error"];

/** Makes the thing under the name `thing`; what it returns is disposed of at the end. */
type Maker = (ground: Playground) => Disposable | void;

const THINGS: Readonly<Record<string, Maker>> = {
  "a pipe": (ground) => void execFileSync("mkfifo", [ground.path("thing")]),
  "a socket": (ground) => {
    const socket = Deno.listen({ transport: "unix", path: ground.path("thing") });
    return { [Symbol.dispose]: () => socket.close() };
  },
  "a link to /dev/zero": (ground) => symlinkSync("/dev/zero", ground.path("thing")),
  "a link to /dev/stdin": (ground) => symlinkSync("/dev/stdin", ground.path("thing")),
  "a sparse file of 6 GiB": (ground) => makeSparse(ground.path("thing"), ""),
  "a sparse file of 6 GiB that starts as text": (ground) =>
    makeSparse(ground.path("thing"), "first line\nsecond line\n"),
  "a text of one line of 40 MB": (ground) => void ground.write("thing", "x".repeat(40 * 1024 ** 2)),
};

function makeSparse(path: string, start: string): void {
  const file = openSync(path, "w");
  writeSync(file, start);
  ftruncateSync(file, SPARSE_BYTES);
  closeSync(file);
}

const calls = (path: string, folder: string): readonly NamedCall[] => [
  ["Read", { file_path: path }],
  ["Read", { file_path: path, offset: 1_000_000_000, limit: 5 }],
  ["Grep", { pattern: "line", path, output_mode: "content" }],
  ["Grep", { pattern: "regular", path: folder, output_mode: "content" }],
  ["Glob", { pattern: "**/*", path: folder }],
  ["GetFileInfo", { path }],
  ["Edit", { file_path: path, old_string: "first line", new_string: "x" }],
  ["Write", { file_path: path, content: "x" }],
];

for (const [name, make] of Object.entries(THINGS)) {
  Deno.test(`every file tool ends within 2 s and in little memory on ${name}`, async () => {
    using ground = new Playground({ "plain.txt": "a regular file\n" });
    using _made = make(ground) ?? { [Symbol.dispose]: () => {} };
    const path = ground.path("thing");
    const plain: NamedCall = ["Read", { file_path: ground.path("plain.txt") }];
    const turns = [plain, ...calls(path, ground.workspace), plain].map((call) => calling(call));
    const spec = scriptedSpec(ground, [...turns, { text: "end" }]);
    await using worker = await WorkerProcess.start({ ground, spec });
    await using connection = await worker.connect();

    connection.send({ kind: "run", assignment: "go" });
    await connection.nextKind("event");
    const before = memoryBytes(worker.process.pid, "VmRSS");
    for (const _ of turns) {
      await connection.next((frame) => ENDS.includes(eventOf(frame)?.type ?? ""), {
        what: "end of a tool call",
        ms: CALL_MS,
      });
    }
    const run = await connection.finish();

    assert.equal(run.terminal.result, "end");
    const outcomes = toolOutcomes(run);
    assert.match(outcomes[0]?.text ?? "", /a regular file/);
    assert.match(outcomes.at(-1)?.text ?? "", /a regular file/);
    const growth = memoryBytes(worker.process.pid, "VmHWM") - before;
    assert.ok(growth < GROWTH_BYTES, `grew by ${growth} bytes`);
  });
}
