import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchKeeper } from "../../src/keeper/launch.ts";
import type { Box, Output, RunningProgram } from "../../src/tools/box.ts";
import { until, within } from "../support/deadline.ts";
import { isAlive } from "../support/proc.ts";
import { tempDir } from "../support/temp_dir.ts";
import { ownVariables, realKeeper, runIn, setupOf, shell, writeProgram } from "./real_keeper.ts";

const NOT_CUT = { stdout: false, stderr: false };

/** Starts a script and waits for its first line: the number of a process. */
async function startTelling(
  box: Box,
  script: string,
): Promise<{ readonly program: RunningProgram; readonly pid: number }> {
  const told = Promise.withResolvers<number>();
  const onOutput = ({ text }: Output) => told.resolve(Number(text));
  const program = await box.start({ ...shell(script), cwd: "/", onOutput });
  return { program, pid: await within(told.promise, { what: "first line" }) };
}

async function isGone(pid: number): Promise<boolean> {
  return await until(() => !isAlive(pid) || undefined, { what: `end of ${pid}`, ms: 5_000 });
}

Deno.test("the keeper runs programs", async (t) => {
  await using folder = tempDir();
  await using keeper = realKeeper({ folder: folder.path });
  const { client } = keeper;

  await t.step("with what it is given and nothing else", async () => {
    const report = await runIn(client, { argv: ["/usr/bin/env"], cwd: folder.path });
    assert.ok("stdout" in report);
    const lines = report.stdout.split("\n").filter((line) => !/^(PWD|OLDPWD|_)=/.test(line));
    assert.deepEqual(lines.toSorted(), ["", "COLOUR=green", "PATH=/usr/bin:/bin"]);
  });

  await t.step("in a folder, with arguments no shell reads and an exit code", async () => {
    const argv = ["/bin/sh", "-c", 'pwd; printf %s "$1" >&2; exit 3', "-", "$(a) 'é\n"] as const;
    assert.deepEqual(await runIn(client, { argv, cwd: folder.path }), {
      stdout: `${folder.path}\n`,
      stderr: "$(a) 'é\n",
      end: { exitCode: 3, cut: NOT_CUT },
    });
  });

  await t.step("with input, whether they read it or not", async () => {
    const input = "é".repeat(200_000);
    const cat = await runIn(client, { argv: ["/bin/cat"], input });
    assert.deepEqual(cat, { stdout: input, stderr: "", end: { exitCode: 0, cut: NOT_CUT } });
    const deaf = await runIn(client, { ...shell("exec <&-; exit 5"), input });
    assert.deepEqual(deaf, { stdout: "", stderr: "", end: { exitCode: 5, cut: NOT_CUT } });
    const none = await runIn(client, { argv: ["/bin/cat"] });
    assert.deepEqual(none, { stdout: "", stderr: "", end: { exitCode: 0, cut: NOT_CUT } });
  });

  await t.step("and gives 128 + number for a signal", async () => {
    const report = await runIn(client, shell("kill -TERM $$"));
    assert.deepEqual(report, { stdout: "", stderr: "", end: { exitCode: 143, cut: NOT_CUT } });
  });

  await t.step("and drops output over the limit, each stream on its own", async () => {
    const script = "head -c 3000000 /dev/zero | tr '\\0' a; echo done >&2";
    const report = await runIn(client, { ...shell(script), outputBytes: 100_000 });
    assert.deepEqual(report, {
      stdout: "a".repeat(100_000),
      stderr: "done\n",
      end: { exitCode: 0, cut: { stdout: true, stderr: false } },
    });
  });

  await t.step("and refuses what cannot be started", async () => {
    const refusals = await Promise.all([
      runIn(client, { argv: ["/nope"] }),
      runIn(client, { argv: ["/etc/passwd"] }),
      runIn(client, { argv: ["/bin/true"], cwd: "/nope" }),
    ]);
    assert.deepEqual(refusals, [
      { fault: "refused", message: 'Cannot start "/nope": no such program' },
      { fault: "refused", message: 'Cannot start "/etc/passwd": not executable' },
      { fault: "refused", message: 'Cannot start "/bin/true": folder "/nope" does not exist' },
    ]);
    assert.equal(client.programs(), 0);
  });

  await t.step("at their own pace beside one whose output nobody takes", async () => {
    const taken = Promise.withResolvers<void>();
    let length = 0;
    const onOutput = async ({ text }: Output) => {
      length += text.length;
      await taken.promise;
    };
    const flood = shell("head -c 5000000 /dev/zero | tr '\\0' a");
    const slow = await client.start({ ...flood, cwd: "/", onOutput });
    const quick = await within(runIn(client, flood), { what: "end of the other program" });
    assert.ok("stdout" in quick);
    assert.equal(quick.stdout.length, 5_000_000);
    assert.ok(length <= 65_536, "one message is being dealt with");
    taken.resolve();
    assert.deepEqual(await slow.ended, { exitCode: 0, cut: NOT_CUT });
    assert.equal(length, 5_000_000);
  });
});

Deno.test("the keeper ends what programs leave behind", async (t) => {
  await using folder = tempDir();
  await using keeper = realKeeper({ folder: folder.path });
  const { client } = keeper;

  await t.step("in the process group, with the program", async () => {
    const { program, pid } = await startTelling(client, "sleep 600 & echo $!");
    assert.deepEqual(await program.ended, { exitCode: 0, cut: NOT_CUT });
    assert.ok(await isGone(pid));
  });

  await t.step("outside of it, with the last program: these are not boxed", async () => {
    const script = "setsid sh -c 'sleep 600 & echo $!; wait' & wait";
    const background = await startTelling(client, "echo $$; exec sleep 600");
    const { program, pid } = await startTelling(client, script);
    program.kill();
    // The orphan holds both pipes, and the other program keeps it alive.
    assert.deepEqual(await within(program.ended, { what: "end", ms: 5_000 }), {
      exitCode: 137,
      cut: NOT_CUT,
    });
    assert.ok(isAlive(pid));
    background.program.kill();
    assert.deepEqual(await background.program.ended, { exitCode: 137, cut: NOT_CUT });
    assert.ok(await isGone(pid));
  });

  await t.step("and everything at once when told so, and goes on", async () => {
    const orphan = "setsid sleep 600 & echo $!; exec sleep 600";
    const both = await Promise.all([1, 2].map(() => startTelling(client, orphan)));
    await within(client.killAll(), { what: "answer to kill_all" });
    assert.deepEqual(both.map(({ pid }) => isAlive(pid)), [false, false]);
    for (const { program } of both) assert.equal((await program.ended).exitCode, 137);
    const report = await runIn(client, shell("echo on"));
    assert.deepEqual(report, { stdout: "on\n", stderr: "", end: { exitCode: 0, cut: NOT_CUT } });
  });
});

Deno.test("the keeper gives each program its limits", async () => {
  await using folder = tempDir();
  const limits = { memoryBytes: 100 * 1024 * 1024, fileBytes: 1_000_000, cpuSecs: 7 };
  await using keeper = realKeeper({ folder: folder.path, limits });
  const script = "ulimit -c; ulimit -d; ulimit -f; ulimit -t; ulimit -Ht; " +
    "exec head -c 2000000 /dev/zero > big";
  const report = await runIn(keeper.client, { ...shell(script), cwd: folder.path });
  const end = { exitCode: 128 + 25, cut: NOT_CUT };
  assert.deepEqual(report, { stdout: "0\n102400\n1954\n7\n8\n", stderr: "", end });
  assert.equal(readFileSync(join(folder.path, "big")).length, 1954 * 512);
});

Deno.test.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "the keeper ends all it started at %s",
  async (signal) => {
    await using folder = tempDir();
    await using keeper = realKeeper({ folder: folder.path });
    const { client } = keeper;
    const { pid } = await startTelling(client, "setsid sleep 600 & echo $!; wait");
    Deno.kill(keeper.pid(), signal);
    assert.equal((await client.died).fault, "internal");
    await client[Symbol.asyncDispose]();
    assert.deepEqual([pid, keeper.pid()].map(isAlive), [false, false]);
  },
);

Deno.test("the keeper ends all it started when its stdin ends", async () => {
  await using folder = tempDir();
  await using keeper = realKeeper({ folder: folder.path });
  const { pid } = await startTelling(keeper.client, "setsid sleep 600 & echo $!; wait");
  await keeper.client[Symbol.asyncDispose]();
  assert.deepEqual([pid, keeper.pid()].map(isAlive), [false, false]);
});

Deno.test("the keeper fails when its spawner does", async () => {
  await using folder = tempDir();
  writeFileSync(join(folder.path, "spawner.ts"), 'throw new Error("no layer");');
  const entry = join(folder.path, "main.ts");
  const keeperUrl = new URL("../../src/keeper/keeper.ts", import.meta.url).href;
  const text = `import { runKeeper } from "${keeperUrl}";\n` +
    "Deno.exit(await runKeeper(import.meta.url));\n";
  writeFileSync(entry, text);
  await using keeper = realKeeper({ folder: folder.path, entry });
  const report = await runIn(keeper.client, shell("true"));
  assert.ok("fault" in report);
  assert.equal(report.fault, "internal");
  assert.match(report.message, /Spawner failed: .*no layer/);
});

Deno.test.each([
  { name: "a line it does not know", line: '{"type":"ready"}\n', code: 1, says: "failed" },
  { name: "an endless line", line: " ".repeat(1024 * 1024 + 1), code: 1, says: "failed" },
  { name: "nothing", line: "", code: 0, says: "ready" },
])("the keeper ends with $code when it is told $name", async ({ line, code, says }) => {
  await using folder = tempDir();
  const program = writeProgram({ folder: folder.path });
  const pipes = launchKeeper({ program, setup: setupOf(), env: ownVariables() });
  const reader = pipes.output.pipeThrough(new TextDecoderStream()).getReader();
  const first = await reader.read();
  assert.equal(first.value, '{"type":"ready"}\n');
  const writer = pipes.input.getWriter();
  writer.write(new TextEncoder().encode(line)).catch(() => {/* it has left */});
  if (line === "") await writer.close();
  let last = first.value;
  for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
    last = next.value;
  }
  assert.ok(last.startsWith(`{"type":"${says}"`), last);
  const status = await pipes.ended;
  assert.ok(typeof status === "object" && status !== null && "code" in status);
  assert.equal(status.code, code);
  await writer.close().catch(() => {/* closed already, or broken */});
});
