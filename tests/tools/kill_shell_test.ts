import { strict as assert } from "node:assert";
import { bashTool } from "../../src/tools/bash.ts";
import { bashOutputTool } from "../../src/tools/bash_output.ts";
import { killShellTool } from "../../src/tools/kill_shell.ts";
import { FakeBox } from "./fake_box.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("KillShell ends a command in the background, whose output stays", async () => {
  const box = new FakeBox(() => {});
  await using place = new ToolWorld({}, { box });
  await place.call(bashTool, { command: "x", run_in_background: true });
  await box.last.write("one\n");
  assert.deepEqual(await place.call(killShellTool, { shell_id: "bash_1" }), {
    success: true,
    result: '{"shell_id":"bash_1","bash_id":"bash_1","status":"killed"}',
    display_preference: "json",
  });
  assert.equal(box.last.isKilled, true);
  assert.deepEqual(JSON.parse(await place.text(bashOutputTool, { bash_id: "bash_1" })), {
    bash_id: "bash_1",
    status: "completed",
    exit_code: 137,
    next_cursor: 1,
    dropped_lines: 0,
    output: "one\n",
  });
  assert.equal(
    await place.refusal(killShellTool, { shell_id: "bash_1" }),
    "refused: Cannot end bash_1: it has ended already with exit code 137",
  );
});

Deno.test("KillShell ends only the one that is named", async () => {
  const box = new FakeBox(() => {});
  await using place = new ToolWorld({}, { box });
  for (let count = 0; count < 2; count++) {
    await place.call(bashTool, { command: "x", run_in_background: true });
  }
  await place.text(killShellTool, { bash_id: "bash_2" });
  assert.deepEqual(box.programs.map(({ isKilled }) => isKilled), [false, true]);
  assert.equal(
    await place.refusal(killShellTool, { shell_id: "bash_3" }),
    'refused: Cannot find background command "bash_3": there are bash_1, bash_2; ended ones are \
kept 5 minutes',
  );
});

Deno.test("KillShell.prepare() needs the terminal session, by either name", () => {
  const call = { mutating: true, needs: [{ type: "terminal_session", id: "bash_3" }] };
  for (
    const args of [
      { shell_id: "bash_3" },
      { bash_id: "bash_3" },
      { shell_id: null, bash_id: "bash_3" },
      { shell_id: "bash_3", bash_id: "other" },
    ]
  ) assert.deepEqual(killShellTool.prepare(args), call);
  const message = "shell_id: expected a string, got nothing";
  assert.throws(() => killShellTool.prepare({}), { fault: "bad_input", message });
});
