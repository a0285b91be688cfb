import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { encodeLine } from "../../src/keeper/encode_line.ts";
import {
  checkMessage,
  decodeLine,
  fromSpawnerSchema,
  type Setup,
  setupSchema,
  type ToHands,
  toHandsSchema,
  type ToKeeper,
  toKeeperSchema,
  toSpawnerSchema,
} from "../../src/keeper/messages.ts";

const START = { type: "start", id: 1, argv: ["/bin/echo", "é\n\u0000"], cwd: "/" } as const;

const TO_KEEPER: ToKeeper[] = [
  { ...START, argv: [...START.argv] },
  { ...START, argv: ["/bin/cat"], input: "", outputBytes: 0 },
  { type: "kill", id: 2 },
  { type: "kill_all" },
  { type: "taken", id: 3, count: 16 },
];

const TO_HANDS: ToHands[] = [
  { type: "ready" },
  { type: "started", id: 1, pid: 77 },
  { type: "refused", id: 1, error: "Cannot start" },
  { type: "output", id: 1, stream: "stderr", text: "\u2028\n" },
  { type: "end", id: 1, exitCode: 137, cut: { stdout: true, stderr: false } },
  { type: "all_killed" },
  { type: "failed", error: "Spawner failed" },
];

function lineOf(message: Setup | ToKeeper | ToHands): string {
  const text = new TextDecoder().decode(encodeLine(message));
  assert.equal(text.indexOf("\n"), text.length - 1);
  return text.slice(0, -1);
}

Deno.test("decodeLine() gives what encodeLine() was given", () => {
  for (const message of TO_KEEPER) {
    assert.deepEqual(decodeLine(toKeeperSchema, lineOf(message)), message);
  }
  for (const message of TO_HANDS) {
    assert.deepEqual(decodeLine(toHandsSchema, lineOf(message)), message);
  }
  const setup: Setup = {
    type: "setup",
    boxed: true,
    workerPid: 5,
    limits: { memoryBytes: 1, fileBytes: 2, cpuSecs: 3 },
    env: { PATH: "/bin" },
  };
  assert.deepEqual(decodeLine(setupSchema, lineOf(setup)), setup);
});

Deno.test.each([
  { name: "nothing", line: "" },
  { name: "half a message", line: '{"type":"ki' },
  { name: "no object", line: "null" },
  { name: "no type", line: "{}" },
  { name: "an unknown type", line: '{"type":"__proto__"}' },
  { name: "a message of the other side", line: '{"type":"ready"}' },
  { name: "an unknown key", line: '{"type":"kill","id":1,"x":1}' },
  { name: "no id", line: '{"type":"kill"}' },
  { name: "an id that is no whole number", line: '{"type":"kill","id":1.5}' },
  { name: "no program", line: '{"type":"start","id":1,"argv":[],"cwd":"/"}' },
  { name: "a number as an argument", line: '{"type":"start","id":1,"argv":["/x",1],"cwd":"/"}' },
  { name: "fewer than no bytes", line: '{"type":"taken","id":1,"count":-1}' },
])("decodeLine() refuses $name without quoting it", ({ line }) => {
  assert.throws(
    () => decodeLine(toKeeperSchema, line),
    (thrown) =>
      thrown instanceof WorkerError && thrown.fault === "internal" &&
      thrown.message.startsWith("Keeper message is not"),
  );
});

Deno.test("checkMessage() keeps what is between keeper and spawner apart from hands", () => {
  const exited = { type: "exited", id: 1 };
  assert.deepEqual(checkMessage(fromSpawnerSchema, exited), exited);
  assert.throws(() => checkMessage(toHandsSchema, exited), WorkerError);
  assert.throws(() => checkMessage(fromSpawnerSchema, { type: "all_killed" }), WorkerError);
  assert.throws(() => checkMessage(toSpawnerSchema, { type: "kill_all" }), WorkerError);
});
