// Calls of command tools that make no sense, and commands that end badly: each gets an answer, and
// the next one works.
import { strict as assert } from "node:assert";
import { symlinkSync, writeFileSync } from "node:fs";
import { bash, commandOutcomes, ended, endOf, fieldsOf } from "../support/commands.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import type { NamedCall } from "../support/scripted_spec.ts";

type Refusal = { readonly call: NamedCall; readonly says: RegExp };

const BAD_ARGUMENTS = /^Invalid arguments: /;

function refusals(ground: Playground): Record<string, Refusal> {
  const timeout = (timeout: number): Refusal => ({
    call: bash("touch ran", { timeout }),
    says: /^Invalid arguments: timeout: expected /,
  });
  const workdir = (workdir: string, says: RegExp): Refusal => ({
    call: bash("touch ran", { workdir }),
    says,
  });
  return {
    "an empty command": { call: bash(""), says: /^Invalid arguments: command: .*empty/ },
    "a command with NUL": {
      call: bash("touch ran\0x"),
      says: /^Invalid arguments: command: .*NUL/,
    },
    "a command of 1 MB": {
      call: bash(`touch ran # ${"x".repeat(1_000_000)}`),
      says: /^Invalid arguments: command: expected .* at most 100000 bytes, got 1000012/,
    },
    "no command": { call: ["Bash", {}], says: BAD_ARGUMENTS },
    "a command that is a number": { call: ["Bash", { command: 7 }], says: BAD_ARGUMENTS },
    "a timeout of 0": timeout(0),
    "a timeout below 0": timeout(-1),
    "a timeout of days": timeout(10 ** 9),
    "a timeout that is no whole number": timeout(1.5),
    "workdir outside": workdir(ground.home, /outside/),
    "workdir above": workdir("..", /outside/),
    "workdir over a link": workdir("out", /outside/),
    "workdir that is not there": workdir("absent", /absent": no such file or folder$/),
    "workdir that is a file": workdir("file", /file.*not a folder|file.*expected a folder/),
    "workdir with NUL": workdir("a\0b", /NUL/),
    "an unknown bash_id": {
      call: ["BashOutput", { bash_id: "bash_9" }],
      says: /^Execution failed: Cannot find background command "bash_9": there are bash_1; /,
    },
    "an unknown shell_id": {
      call: ["KillShell", { shell_id: "bash_9" }],
      says: /^Execution failed: Cannot find background command "bash_9": there are bash_1; /,
    },
    "a filter that is no expression": {
      call: ["BashOutput", { bash_id: "bash_1", filter: "(" }],
      says: /filter: /,
    },
    "a filter that looks back": {
      call: ["BashOutput", { bash_id: "bash_1", filter: "(a)\\1" }],
      says: /filter: /,
    },
    "a cursor below 0": {
      call: ["BashOutput", { bash_id: "bash_1", cursor: -1 }],
      says: /^Invalid arguments: cursor: /,
    },
    "no code": { call: ["js_repl", { code: "" }], says: /^Invalid arguments: code: / },
    "a timeout_ms of 0": {
      call: ["js_repl", { code: "1", timeout_ms: 0 }],
      says: /^Invalid arguments: timeout_ms: /,
    },
  };
}

Deno.test("worker refuses a command call that makes no sense, starts nothing and goes on", async (t) => {
  using ground = new Playground({ "file": "" });
  symlinkSync(ground.home, ground.path("out"));
  const cases = Object.entries(refusals(ground));
  const [started, ...outcomes] = await commandOutcomes({
    ground,
    commands: [
      bash("sleep 600", { run_in_background: true }),
      ...cases.map(([, { call }]) => call),
      bash("echo next"),
    ],
  });
  assert.equal(fieldsOf(started?.text ?? "").bash_id, "bash_1");
  for (const [index, [name, { says }]] of cases.entries()) {
    await t.step(name, () => {
      const outcome = outcomes[index];
      assert.equal(outcome?.success, false);
      assert.match(outcome.text, says);
      assert.ok(outcome.text.length < 500, `${outcome.text.length} characters`);
    });
  }
  const last = outcomes.at(-1);
  assert.ok(last);
  assert.deepEqual(endOf(last), ended({ stdout: "next\n" }));
  assert.deepEqual(filesUnder(ground.workspace), ["file", "out"]);
});

const badEnds: Record<string, readonly [command: string, end: ReturnType<typeof ended>]> = {
  "no such program": [
    "absent-program",
    ended({
      stderr: "/bin/bash: line 1: absent-program: command not found\n",
      exit_code: 127,
    }),
  ],
  "no such path": [
    "./absent",
    ended({
      stderr: "/bin/bash: line 1: ./absent: No such file or directory\n",
      exit_code: 127,
    }),
  ],
  "not executable": [
    "./plain",
    ended({
      stderr: "/bin/bash: line 1: ./plain: Permission denied\n",
      exit_code: 126,
    }),
  ],
  "an exit code": ["echo out; exit 42", ended({ stdout: "out\n", exit_code: 42 })],
  "an exit code that is none": ["exit 256", ended()],
  "killed by SIGKILL": ["kill -KILL $$", ended({ exit_code: 137 })],
  "killed by SIGTERM": ["kill -TERM $$", ended({ exit_code: 143 })],
  "a whole group that is killed": ["sleep 600 & kill -KILL 0", ended({ exit_code: 137 })],
  // Only where the box holds signals inside.
  "a kill of everything in reach": [
    `kill -0 ${Deno.pid} 2>/dev/null || kill -KILL -1; kill -KILL $$`,
    ended({ exit_code: 137 }),
  ],
  "stopped streams": ["exec >&- 2>&-; exit 3", ended({ exit_code: 3 })],
  "bytes that are no text": [
    String.raw`printf 'a\000b\377\376c\360\237\214'`,
    ended({ stdout: "a\0b\ufffd\ufffdc\ufffd" }),
  ],
  "colours and bells": [
    String.raw`printf '\033[31mred\a\r\n'`,
    ended({ stdout: "\x1b[31mred\x07\r\n" }),
  ],
};

Deno.test("Bash tells how a command ended that ended badly", async (t) => {
  using ground = new Playground();
  writeFileSync(ground.path("plain"), "#!/bin/sh\n", { mode: 0o644 });
  const outcomes = await commandOutcomes({
    ground,
    commands: Object.values(badEnds).map(([command]) => command),
  });
  for (const [index, [name, [, end]]] of Object.entries(badEnds).entries()) {
    await t.step(name, () => {
      const outcome = outcomes[index];
      assert.ok(outcome);
      assert.deepEqual(endOf(outcome), end);
    });
  }
});
