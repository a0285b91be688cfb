// What happens below the level that is asked for: shown by a build without the kernel layers.
import { strict as assert } from "node:assert";
import { filesUnder, Playground } from "../support/playground.ts";
import { variantBuild } from "../support/probe_build.ts";
import { calling, echoSpec, scriptedSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

Deno.test("worker, run and explain exit 3 with the reason for a level that is not to be had", async (t) => {
  const program = await variantBuild("deno-only");
  for (const require of ["kernel", "namespace"]) {
    const says = new RegExp(
      `capabilities\\.sandbox\\.require: level "${require}" .* without the kernel layers`,
    );
    const spec = (ground: Playground) =>
      JSON.stringify(echoSpec(ground, { capabilities: { sandbox: { require } } }));
    const commands = {
      worker: { args: ["worker"], input: spec },
      explain: { args: ["explain", "-"], input: spec },
      run: { args: ["run", "--echo", "--require", require, "go"], input: () => "" },
    };
    for (const [name, { args, input }] of Object.entries(commands)) {
      await t.step(`${name}, ${require}`, async () => {
        using ground = new Playground();
        const { variables, workspace: cwd } = ground;
        const exit = await runSheath(args, { program, variables, cwd, input: input(ground) });
        assert.deepEqual([exit.code, exit.stdout], [3, ""]);
        assert.match(exit.stderr, says);
        assert.deepEqual(filesUnder(ground.root), []);
      });
    }
  }
});

Deno.test("run() asks for the kernel level by itself, and takes less only by name", async () => {
  const program = await variantBuild("deno-only");
  using ground = new Playground();
  const { variables, workspace: cwd } = ground;
  const refused = await runSheath(["run"], { program, variables, cwd });
  assert.equal(refused.code, 3);
  assert.match(refused.stderr, /--require deno/);
  const lowered = await runSheath(["run", "--require", "deno"], { program, variables, cwd });
  assert.equal(lowered.code, 0, lowered.stderr);
  assert.match(lowered.stderr, /level deno/);
});

Deno.test("worker without the kernel level starts no program and says why", async () => {
  const program = await variantBuild("deno-only");
  using ground = new Playground();
  const call = calling(["Bash", { command: "echo ran > ran.txt" }], ["js_repl", { code: "1" }]);
  const spec = scriptedSpec(ground, [call, { text: "went on" }]);
  await using worker = await WorkerProcess.start({ ground, spec, program });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  for (const { success, text } of toolOutcomes(run)) {
    assert.equal(success, false);
    assert.match(text, /^Tool not available: (?:Bash|js_repl): commands need level "kernel": /);
  }
  assert.equal(toolOutcomes(run).length, 2);
  assert.equal(run.terminal.result, "went on");
  assert.deepEqual(filesUnder(ground.workspace), []);
});
