// Lesson: a pattern of the model's that takes exponential time elsewhere ends quickly here, or is
// refused, and the worker answers the next call.
import { strict as assert } from "node:assert";
import { Playground } from "../support/playground.ts";
import { calling, type NamedCall, scriptedSpec } from "../support/scripted_spec.ts";
import { SheathProcess } from "../support/sheath_process.ts";
import { eventOf, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const TEXT = `${"a".repeat(40)}b ${"x".repeat(40)}\n`;
const CALL_MS = 5000;

const PATTERNS: readonly string[] = [
  "^(a+)+$",
  "^(a*)*$",
  "^(a|aa)+$",
  "^(a|a)*$",
  "(x+x+)+y",
  "^([a-z]+)*!$",
  "(.*)*(.*)*(.*)*(.*)*(.*)*(.*)*!",
  "^(a+)+\\1$",
  "^(?=(a+)+$)",
  "(?<!(a+)+)$",
  "^(?:a?){40}a{40}$",
  "(a{1,100}){1,100}!",
  "((((((a*)*)*)*)*)*)*!",
  "(".repeat(400) + "a" + ")*".repeat(400),
  "[a-a".repeat(300),
  "a{999999999}",
];

const GLOBS: readonly string[] = [
  "*a".repeat(60) + "b",
  "**/".repeat(60) + "x",
  "{a,b}".repeat(40),
  "{".repeat(500),
  "{1..99999999}",
  "+(a|aa)".repeat(30) + "b",
  "[".repeat(1000),
];

const calls = (ground: Playground): readonly NamedCall[] => [
  ...PATTERNS.flatMap((pattern): NamedCall[] =>
    ["content", "count"].map((output_mode) => [
      "Grep",
      { pattern, path: ground.path("text.txt"), output_mode },
    ])
  ),
  ...PATTERNS.map((pattern): NamedCall => [
    "Grep",
    { pattern, path: ground.path("text.txt"), multiline: true, "-i": true },
  ]),
  ...GLOBS.flatMap((pattern): NamedCall[] => [
    ["Glob", { pattern, path: ground.workspace }],
    ["Grep", { pattern: "a", glob: pattern, path: ground.workspace }],
  ]),
];

Deno.test("no pattern of a search holds up the worker", async () => {
  using ground = new Playground({ "text.txt": TEXT, [`${"a".repeat(120)}.txt`]: "a\n" });
  const hostile = calls(ground);
  const benign: NamedCall = ["Grep", { pattern: "a+b", path: ground.path("text.txt") }];
  const turns = [...hostile, benign].map((call) => calling(call));
  const spec = scriptedSpec(ground, [...turns, { text: "end" }]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  for (const call of hostile) {
    const what = `end of ${JSON.stringify(call).slice(0, 120)}`;
    await connection.next((frame) => ENDS.includes(eventOf(frame)?.type ?? ""), {
      what,
      ms: CALL_MS,
    });
  }
  const run = await connection.finish();
  assert.equal(run.terminal.result, "end");
  assert.equal(toolOutcomes(run).at(-1)?.success, true);
});

const ENDS = ["tool_complete", "tool_error"];

Deno.test("control: the same pattern elsewhere is still at work after a second", async () => {
  using ground = new Playground();
  const program = `console.log("begun"); /${
    PATTERNS[0]
  }/.test("${TEXT.trim()}"); console.log("done");`;
  await using process = new SheathProcess(["eval", program], {
    program: Deno.execPath(),
    variables: { ...ground.variables, NO_COLOR: "1" },
  });
  await assert.rejects(process.exit(1500), /No end of process/);
  assert.equal(process.stdout, "begun\n");
});

/** Each of these holds up a matcher that goes back; the names are such that none matches. */
const IGNORED: readonly string[] = [
  "*a".repeat(60) + "b",
  "*[+-z]".repeat(30) + "_",
  "*[a/]".repeat(30) + "_",
  "**/a/".repeat(30) + "b",
  "**/*/".repeat(30) + "_",
  "/**/*a".repeat(30) + "/b",
  "?*".repeat(120) + "_",
  "(a+)+$",
  "[".repeat(250),
  "\\".repeat(251),
];

Deno.test("no .gitignore holds up a search", async () => {
  const deep = "a/".repeat(100);
  using ground = new Playground({
    ".gitignore": `${IGNORED.join("\n")}\n`.repeat(40),
    [`${"a".repeat(250)}`]: "needle\n",
    [`${deep}${"a".repeat(200)}`]: "needle\n",
  });
  ground.write("huge/.gitignore", `${"*a*a*a*b\n".repeat(10_000_000)}`);
  ground.write("huge/aaaa", "needle\n");
  const calls: readonly NamedCall[] = [
    ["Grep", { pattern: "needle", path: ground.workspace }],
    ["Glob", { pattern: "**/a*", path: ground.workspace }],
  ];
  const spec = scriptedSpec(ground, [...calls.map((call) => calling(call)), { text: "end" }]);
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  connection.send({ kind: "run", assignment: "go" });
  for (const [name] of calls) {
    await connection.next((frame) => ENDS.includes(eventOf(frame)?.type ?? ""), {
      what: `end of ${name}`,
      ms: CALL_MS,
    });
  }
  const outcomes = toolOutcomes(await connection.finish());
  for (const { success, text } of outcomes) {
    assert.ok(success, text);
    assert.equal(text.split("\n").filter((line) => /\/a+$/.test(line)).length, 3, text);
  }
});
