// Commands that a spec lets out of the box: they reach what the user reaches, and end all the same.
import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { bash, ended, runCommands } from "../support/commands.ts";
import { levelHere } from "../support/level.ts";
import { Playground } from "../support/playground.ts";
import { gone, markedSleep } from "../support/processes.ts";
import { scriptedSpec } from "../support/scripted_spec.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const SANDBOX = { commands: "unconfined" };

Deno.test("worker says in its record that commands are unconfined", async () => {
  using ground = new Playground();
  const spec = scriptedSpec(ground, [], { capabilities: { sandbox: SANDBOX } });
  await using worker = await WorkerProcess.start({ ground, spec });
  assert.deepEqual(worker.record.labels, [`sandbox=${levelHere()}`, "commands=unconfined"]);
});

Deno.test("an unconfined command reaches files, processes and the network of the user", async () => {
  using ground = new Playground();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answered = listener.accept().then((connection) => connection.close());
  writeFileSync(`${ground.home}/own`, "own\n");
  const [file, home, process, port] = await runCommands({
    ground,
    commands: [
      `cat ${ground.home}/own`,
      'echo "$HOME"; echo put > ~/put; cat ~/put; rm ~/put',
      `cat /proc/${Deno.pid}/comm /proc/self/comm | wc -l`,
      `exec 3<>/dev/tcp/127.0.0.1/${listener.addr.port} && echo connected`,
    ],
    sandbox: SANDBOX,
  });
  await answered;
  assert.deepEqual(file, ended({ stdout: "own\n" }));
  assert.deepEqual(home, ended({ stdout: `${ground.home}\nput\n` }));
  assert.deepEqual(process, ended({ stdout: "2\n" }));
  assert.deepEqual(port, ended({ stdout: "connected\n" }));
});

Deno.test("an unconfined command gets no more of the worker's environment than its home and PATH", async () => {
  using ground = new Playground();
  const [end] = await runCommands({
    ground,
    commands: ["env | cut -d= -f1 | grep -vx _ | sort | tr '\\n' ' '"],
    sandbox: SANDBOX,
  });
  const names = "GIT_PAGER GIT_TERMINAL_PROMPT HOME LANG PAGER PATH PWD SHLVL TERM TMPDIR";
  assert.deepEqual(end, ended({ stdout: `${names} npm_config_update_notifier ` }));
});

Deno.test("an unconfined command keeps its limits and its time, and file tools stay in their roots", async () => {
  using ground = new Playground();
  const mark = markedSleep();
  writeFileSync(`${ground.home}/own`, "own\n");
  const [late, many, next] = await runCommands({
    ground,
    commands: [
      bash(`setsid sleep ${mark} & sleep ${mark}`, { timeout: 300 }),
      `for n in $(seq 200); do setsid sleep ${mark} & done; wait`,
      "echo next",
    ],
    sandbox: { ...SANDBOX, limits: { processes: 50 } },
  });
  assert.deepEqual(late, ended({ exit_code: 137, timed_out: true }));
  assert.equal(many?.exit_code, 137);
  assert.match(many.stderr, /at most 50 \(capabilities\.sandbox\.limits\.processes\)/);
  assert.deepEqual(next, ended({ stdout: "next\n" }));
  await gone(mark);
});
