// Real work by commands in the box, at the level a plain spec is served at.
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { ended, runCommand, runCommands } from "../support/commands.ts";
import { hasPrograms } from "../support/machine.ts";
import { filesUnder, Playground } from "../support/playground.ts";

Deno.test("Bash works with git in a repository: status, diff, commit, log", async () => {
  if (!hasPrograms("git")) return;
  using ground = new Playground({ "a.txt": "one\n" });
  makeRepository(ground);
  ground.write("a.txt", "two\n");
  const [status, diff, commit, after] = await runCommands({
    ground,
    commands: [
      "git status --short",
      "git diff --unified=0 | tail -2",
      "git commit --quiet --all --message second",
      "git status --short && git log --format='%an %s'",
    ],
  });
  assert.deepEqual(status, ended({ stdout: " M a.txt\n" }));
  assert.deepEqual(diff, ended({ stdout: "-one\n+two\n" }));
  assert.deepEqual(commit, ended());
  assert.deepEqual(after, ended({ stdout: "sheath agent second\nuser first\n" }));
  const { stdout } = git(ground, "log", "--format=%s");
  assert.equal(stdout, "second\nfirst\n");
});

Deno.test("Bash compiles a C program and runs it", async () => {
  if (!hasPrograms("gcc")) return;
  using ground = new Playground({
    "main.c": '#include <stdio.h>\nint main(void) { puts("compiled"); return 3; }\n',
  });
  const end = await runCommand(ground, "gcc -O2 -Wall -o main main.c && ./main");
  assert.deepEqual(end, ended({ stdout: "compiled\n", exit_code: 3 }));
  assert.deepEqual(filesUnder(ground.workspace), ["main", "main.c"]);
});

Deno.test("Bash runs Python with its standard library", async () => {
  if (!hasPrograms("python3")) return;
  using ground = new Playground();
  const program = [
    "import json, sqlite3, subprocess, tempfile, threading",
    "database = sqlite3.connect('data.db')",
    "database.execute('create table t (n int)')",
    "database.executemany('insert into t values (?)', [(1,), (2,)])",
    "with tempfile.NamedTemporaryFile('w+') as file: file.write('x')",
    "thread = threading.Thread(target=print, args=('thread',)); thread.start(); thread.join()",
    "print(subprocess.run(['echo', 'child'], capture_output=True, text=True).stdout, end='')",
    "print(json.dumps(database.execute('select sum(n) from t').fetchone()))",
  ].join("\n");
  const end = await runCommand(ground, `python3 - <<'END'\n${program}\nEND`);
  assert.deepEqual(end, ended({ stdout: "thread\nchild\n[3]\n" }));
});

Deno.test("Bash runs node, and npm test of a project without network", async () => {
  if (!hasPrograms("node", "npm")) return;
  using ground = new Playground({
    "package.json": '{ "name": "small", "version": "1.0.0", "scripts": { "test": "node --test" } }',
    "sum.js": "exports.sum = (a, b) => a + b;\n",
    "sum.test.js": `const test = require("node:test");
const assert = require("node:assert");
const { sum } = require("./sum.js");
test("sum() adds", () => assert.equal(sum(1, 2), 3));
`,
  });
  const [node, npm] = await runCommands({
    ground,
    commands: [
      `node -e 'console.log(require("./sum.js").sum(2, 2), process.cwd() === __dirname || 1)'`,
      "npm test --silent",
    ],
  });
  assert.deepEqual(node, ended({ stdout: "4 1\n" }));
  assert.equal(npm?.exit_code, 0, npm?.stdout ?? "");
  assert.match(npm?.stdout ?? "", /^# pass 1$/m);
  assert.deepEqual(filesUnder(ground.workspace), ["package.json", "sum.js", "sum.test.js"]);
});

Deno.test("Bash writes and reads a thousand files", async () => {
  using ground = new Playground();
  const [write, read] = await runCommands({
    ground,
    commands: [
      "mkdir many && for n in $(seq 1000); do echo $n > many/$n; done",
      "cat many/* | sort -n | sha256sum; seq 1000 | sha256sum; rm -r many",
    ],
  });
  assert.deepEqual(write, ended());
  const [found, expected, ...rest] = read?.stdout.split("\n") ?? [];
  assert.equal(found, expected);
  assert.deepEqual(rest, [""]);
  assert.deepEqual(readdirSync(ground.workspace), []);
});

const shellForms: Record<string, { readonly command: string; readonly stdout: string }> = {
  "pipes": { command: "printf 'b\\na\\n' | sort | tr '\\n' ,", stdout: "a,b," },
  "process substitution": {
    command: "diff <(printf 'a\\n') <(printf 'b\\n') || true",
    stdout: "1c1\n< a\n---\n> b\n",
  },
  "output into a process": { command: "echo word > >(tr a-z A-Z); wait $!", stdout: "WORD\n" },
  "here-documents": { command: "x=5; cat <<END\nx is $x\nEND", stdout: "x is 5\n" },
  "here-strings": { command: "read -r a b <<< 'one two'; echo $b", stdout: "two\n" },
  "arrays": { command: 'a=(1 2 3); echo "${#a[@]}"', stdout: "3\n" },
  "named pipes": {
    command: 'mkfifo "$TMPDIR/p"; echo in > "$TMPDIR/p" & cat "$TMPDIR/p"',
    stdout: "in\n",
  },
  "no stdin": { command: "cat; echo $?", stdout: "0\n" },
  "text beyond ASCII": { command: "echo 'grün 🌱' | wc -m", stdout: "7\n" },
};

Deno.test("Bash does what a shell does", async (t) => {
  using ground = new Playground();
  const ends = await runCommands({
    ground,
    commands: Object.values(shellForms).map(({ command }) => command),
  });
  for (const [index, [name, { stdout }]] of Object.entries(shellForms).entries()) {
    await t.step(name, () => assert.deepEqual(ends[index], ended({ stdout })));
  }
});

Deno.test("Bash gives commands a private home and temporary folder, and a written-out environment", async () => {
  using ground = new Playground();
  const [variables, put, kept] = await runCommands({
    ground,
    commands: [
      "unset PWD OLDPWD SHLVL; env | grep -v ^_= | sort",
      'echo home > ~/kept; echo tmp > "$TMPDIR/kept"; mktemp',
      'cat ~/kept "$TMPDIR/kept"',
    ],
  });
  assert.deepEqual(
    variables,
    ended({
      stdout: [
        "GIT_PAGER=cat",
        "GIT_TERMINAL_PROMPT=0",
        `HOME=${ground.storage}/home`,
        "LANG=C.UTF-8",
        "PAGER=cat",
        `PATH=${ground.variables.PATH}`,
        "TERM=dumb",
        `TMPDIR=${ground.storage}/tmp`,
        "npm_config_update_notifier=false",
        "",
      ].join("\n"),
    }),
  );
  assert.match(put?.stdout ?? "", new RegExp(`^${ground.storage}/tmp/tmp\\.\\w+\n$`));
  assert.deepEqual(kept, ended({ stdout: "home\ntmp\n" }));
  assert.equal(readFileSync(`${ground.storage}/home/kept`, "utf8"), "home\n");
  for (const folder of [ground.workspace, ground.home, ground.tmp]) {
    assert.deepEqual(filesUnder(folder), []);
  }
});

Deno.test("Bash reaches no network, no other file and no other process", async (t) => {
  using ground = new Playground();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const outside = `${ground.home}/secret`;
  writeFileSync(outside, "secret");
  const refused: Record<string, string> = {
    "a file outside": `cat ${outside}`,
    "a new file outside": `echo x > ${ground.home}/new`,
    "a link that leads outside": `ln -s ${outside} link; cat link; code=$?; rm link; exit $code`,
    "a port": `exec 3<>/dev/tcp/127.0.0.1/${listener.addr.port}`,
    "a datagram": "exec 3<>/dev/udp/127.0.0.1/1",
    "processes": "cat /proc/self/status",
    "a signal to who started it all": `kill -0 ${Deno.pid}`,
    "the spec's folder": `ls ${ground.fabric}`,
    "a mount": "mount -t tmpfs none .",
    "a namespace": "unshare --user true",
  };
  const ends = await runCommands({ ground, commands: Object.values(refused) });
  for (const [index, name] of Object.keys(refused).entries()) {
    await t.step(name, () => {
      const end = ends[index];
      assert.ok(end && end.exit_code !== 0 && end.exit_code < 128, JSON.stringify(end));
      assert.equal(end.stdout, "");
    });
  }
  assert.deepEqual(filesUnder(ground.home), ["secret"]);
  assert.deepEqual(filesUnder(ground.workspace), []);
});

function makeRepository(ground: Playground): void {
  git(ground, "init", "--quiet");
  git(ground, "config", "user.name", "user");
  git(ground, "config", "user.email", "user@example.invalid");
  git(ground, "add", ".");
  git(ground, "commit", "--quiet", "--message", "first");
  // Commits in the box have an author of their own.
  git(ground, "config", "--remove-section", "user");
}

function git(ground: Playground, ...args: readonly string[]) {
  const { variables: env, workspace: cwd } = ground;
  const result = spawnSync("git", [...args], { cwd, env, encoding: "utf8" });
  assert.equal(result.status, 0, result.stderr);
  return result;
}
