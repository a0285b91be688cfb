// Commands at level `namespace`: files, processes and network of their own.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { bash, ended, runCommands } from "../support/commands.ts";
import { hasNamespaces, hasPrograms } from "../support/machine.ts";
import { filesUnder, Playground } from "../support/playground.ts";
import {
  echoSpec,
  type NamedCall,
  scriptedSpec,
  type SpecFields,
} from "../support/scripted_spec.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const SANDBOX = { require: "namespace" };

const isThere = hasNamespaces();

function test(name: string, run: (t: Deno.TestContext) => Promise<void>): void {
  Deno.test(`${name} (namespace)`, async (t) => {
    if (isThere) await run(t);
  });
}

async function inNamespace(ground: Playground, ...commands: readonly (string | NamedCall)[]) {
  return await runCommands({ ground, commands, sandbox: SANDBOX });
}

test("worker tells its level as a label, with a model and without", async () => {
  const specs = [
    echoSpec,
    (ground: Playground, fields: SpecFields) => scriptedSpec(ground, [], fields),
  ];
  for (const specOf of specs) {
    using ground = new Playground();
    const spec = specOf(ground, { capabilities: { sandbox: SANDBOX } });
    await using worker = await WorkerProcess.start({ ground, spec });
    assert.deepEqual(worker.record.labels, ["sandbox=namespace"]);
  }
});

test("Bash sees no process but those of the box", async () => {
  if (!hasPrograms("ps")) return;
  using ground = new Playground();
  const [processes, tests] = await inNamespace(
    ground,
    "ps -e -o comm= | sort | tr '\\n' ' '",
    `ls -d /proc/[0-9]* | wc -l; test -e /proc/${Deno.pid} || echo unseen`,
  );
  assert.deepEqual(processes, ended({ stdout: "bash bwrap ps sheath sort tr " }));
  const [count, ...rest] = tests?.stdout.split("\n") ?? [];
  assert.ok(Number(count) < 10, count ?? "");
  assert.deepEqual(rest, ["unseen", ""]);
});

test("Bash has no network, not even this machine", async () => {
  using ground = new Playground();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const [connect, devices] = await inNamespace(
    ground,
    `exec 3<>/dev/tcp/127.0.0.1/${listener.addr.port}`,
    "tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '",
  );
  assert.equal(connect?.exit_code, 1);
  assert.equal(connect.stdout, "");
  assert.deepEqual(devices, ended({ stdout: "lo\n" }));
});

test("Bash finds nothing of what it was not granted, not even that it is there", async (t) => {
  using ground = new Playground();
  writeFileSync(`${ground.home}/secret`, "secret");
  const hidden = [ground.home, `${ground.home}/secret`, ground.fabric, "/root", "/etc/shadow"];
  const ends = await inNamespace(ground, ...hidden.map((path) => `stat '${path}'`));
  for (const [index, path] of hidden.entries()) {
    await t.step(path.replace(ground.root, "…"), () => {
      const stderr = `stat: cannot statx '${path}': No such file or directory\n`;
      assert.deepEqual(ends[index], ended({ stderr, exit_code: 1 }));
    });
  }
});

test("Bash changes no metadata of system files", async () => {
  using ground = new Playground();
  const [touch, chmod, write] = await inNamespace(
    ground,
    "touch /usr/bin/env",
    "chmod a+w /usr/bin/env",
    "echo x > /usr/bin/new",
  );
  for (const end of [touch, chmod, write]) {
    assert.equal(end?.exit_code, 1);
    assert.match(end.stderr, /Read-only file system|Permission denied/);
  }
});

test("Bash cannot write what other programs run or trust", async () => {
  if (!hasPrograms("git")) return;
  using ground = new Playground({ "a.txt": "one\n", ".vscode/tasks.json": "{}" });
  makeRepository(ground);
  const config = readFileSync(ground.path(".git/config"), "utf8");
  const ends = await inNamespace(
    ground,
    "echo x >> .git/config",
    "echo x > .git/hooks/pre-commit",
    "rm -rf .git/hooks",
    "mv .git/config .git/other",
    "echo x > .vscode/tasks.json",
    "mv .vscode other",
  );
  for (const end of ends) {
    assert.equal(end.exit_code, 1, JSON.stringify(end));
    assert.match(end.stderr, /Read-only file system|Device or resource busy/);
    assert.doesNotMatch(end.stderr, /sheath: restored/);
  }
  assert.equal(readFileSync(ground.path(".git/config"), "utf8"), config);
  assert.deepEqual(filesUnder(ground.path(".git/hooks")), []);
  assert.deepEqual(filesUnder(ground.path(".vscode")), ["tasks.json"]);
});

test("Bash commits in a repository", async () => {
  if (!hasPrograms("git")) return;
  using ground = new Playground({ "a.txt": "one\n" });
  makeRepository(ground);
  const [commit, log] = await inNamespace(
    ground,
    "git add . && git commit --quiet --message second && git status --short",
    "git log --format=%s",
  );
  assert.deepEqual(commit, ended());
  assert.deepEqual(log, ended({ stdout: "second\n" }));
});

test("Bash compiles and runs, tests and computes", async (t) => {
  const work: Record<
    string,
    { readonly needs: string; readonly command: string; readonly stdout: string }
  > = {
    gcc: {
      needs: "gcc",
      command: `echo '#include <stdio.h>
int main(void) { puts("compiled"); return 0; }' > a.c && gcc -o a a.c && ./a`,
      stdout: "compiled\n",
    },
    python3: {
      needs: "python3",
      command: `python3 -c 'import subprocess as s; print(s.check_output(["echo", "child"]))'`,
      stdout: "b'child\\n'\n",
    },
    node: { needs: "node", command: "node -p 'process.pid > 1'", stdout: "true\n" },
    "process substitution": { needs: "cat", command: "cat <(echo in)", stdout: "in\n" },
    "a /tmp of its own": {
      needs: "cat",
      command: 'echo in > /tmp/a && cat "$TMPDIR/a"',
      stdout: "in\n",
    },
  };
  for (const [name, { needs, command, stdout }] of Object.entries(work)) {
    await t.step(name, async () => {
      if (!hasPrograms(needs)) return;
      using ground = new Playground();
      const [end] = await inNamespace(ground, command);
      assert.deepEqual(end, ended({ stdout }));
    });
  }
});

test("js_repl computes", async () => {
  using ground = new Playground();
  const [end] = await inNamespace(ground, ["js_repl", { code: "console.log(await 6 * 7)" }]);
  assert.deepEqual(end, ended({ stdout: "42\n" }));
});

test("a timeout and a limit end commands", async () => {
  using ground = new Playground();
  const [late, many, next] = await runCommands({
    ground,
    commands: [
      bash("echo begun; setsid sleep 600 & sleep 600", { timeout: 300 }),
      "for n in $(seq 200); do setsid sleep 600 & done; wait",
      "echo next",
    ],
    sandbox: { ...SANDBOX, limits: { processes: 50 } },
  });
  assert.deepEqual(late, ended({ stdout: "begun\n", exit_code: 137, timed_out: true }));
  assert.equal(many?.exit_code, 137);
  assert.match(
    many.stderr,
    /^\[sheath: all commands were ended: \d+, at most 50 \(.*limits\.processes\)\]\n$/,
  );
  assert.deepEqual(next, ended({ stdout: "next\n" }));
});

function makeRepository({ variables: env, workspace: cwd }: Playground): void {
  const { status, stderr } = spawnSync("git", ["init", "--quiet", "--template="], {
    cwd,
    env,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  mkdirSync(`${cwd}/.git/hooks`);
}
