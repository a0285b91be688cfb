import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import {
  callTool,
  type Perform,
  prepareCall,
  type ToolCallDeps,
} from "../../src/agent/tool_call.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { ToolCall } from "../../src/core/tool_call.ts";
import { findHandsTool } from "../../src/tools/hands_tools.ts";
import { readTool } from "../../src/tools/read.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { ToolWorld } from "../tools/tool_world.ts";
import { deskWith } from "./desk.ts";
import { policyWith } from "./policy.ts";

const NEVER = new AbortController().signal;

function call(name: string, args: object): ToolCall {
  return { id: "call-1", type: "function", function: { name, arguments: JSON.stringify(args) } };
}

function run(made: ToolCall, deps: ToolCallDeps) {
  return callTool(prepareCall(made, deps), deps, NEVER);
}

function setUp(changes: Partial<ToolCallDeps>) {
  const events: AgentEvent[] = [];
  const deps: ToolCallDeps = {
    clock: new FakeClock(),
    make: { newId: () => "id", timestamp: () => "2026-06-18T10:00:00Z" },
    emit: (event) => Promise.resolve(void events.push(event)),
    perform: () => assert.fail("performed"),
    approve: () => assert.fail("asked"),
    analyse: () => assert.fail("analysed"),
    policy: policyWith({ enforced: false }),
    desk: deskWith(),
    disabledTools: [],
    refusedTools: new Map(),
    ...changes,
  };
  return { events, deps };
}

/** Performs for real, in the world. */
function performIn({ world }: ToolWorld): Perform {
  return async ({ tool, arguments: args }, signal) => {
    const found = findHandsTool(tool);
    if (!found) throw new TypeError(`no tool ${tool}`);
    return await found.perform(args, world, signal);
  };
}

Deno.test("callTool() fails a call to a tool that cannot be had here, and says why", async (t) => {
  const refusedTools = new Map([["Write", "nothing may be written"]]);
  for (const name of ["Write", "write_file", "ns::Write"]) {
    await t.step(name, async () => {
      const { events, deps } = setUp({ refusedTools });
      const { message } = await run(call(name, { file_path: "/a", content: "" }), deps);
      const error = "Tool not available: Write: nothing may be written";
      assert.equal(message.content, `Error: ${error}`);
      assert.deepEqual(events, [{ type: "tool_error", tool_call_id: "call-1", error }]);
    });
  }
});

Deno.test("callTool() tells that a tool is disabled before that it cannot be had", async () => {
  const refusedTools = new Map([["Write", "nothing may be written"]]);
  const { deps } = setUp({ refusedTools, disabledTools: ["Write"] });
  const { message } = await run(call("Write", {}), deps);
  assert.equal(message.content, "Error: Tool disabled: Write is in the spec's disabled_tools");
});

Deno.test("callTool() blocks what changes something in plan mode, asked about or not", async (t) => {
  for (const enforced of [true, false]) {
    await t.step(enforced ? "enforced" : "not enforced", async () => {
      const { deps } = setUp({ policy: policyWith({ enforced, mode: "plan" }) });
      const args = { file_path: "/w/a", content: "" };
      const { message } = await run(call("Write", args), deps);
      assert.equal(
        message.content,
        "Error: Execution failed: Plan mode: Write operation blocked",
      );
    });
  }
});

Deno.test("callTool() lets what changes nothing go on in plan mode", async () => {
  await using world = new ToolWorld({ "a.txt": "one\n" });
  const { deps } = setUp({
    policy: policyWith({ mode: "plan" }),
    perform: performIn(world),
  });
  const { message } = await run(call("Read", { file_path: world.path("a.txt") }), deps);
  assert.equal(message.tool_success, true);
});

Deno.test("callTool() performs the very arguments that it asked about", async () => {
  const performed: unknown[] = [];
  const { events, deps } = setUp({
    policy: policyWith({}),
    approve(request) {
      assert.deepEqual(request, {
        tool_name: "Write",
        permission: "Write files to disk",
        resource: "/w/a",
      });
      return Promise.resolve("allowed");
    },
    perform(request) {
      performed.push(request.arguments);
      return Promise.resolve({ success: true, result: "", display_preference: null });
    },
  });
  const args = { file_path: "/w/a", content: "x" };
  await run(call("Write", args), deps);
  const started = events.find((event) => event.type === "tool_start");
  assert.deepEqual(performed, [args]);
  assert.equal(performed[0], started?.type === "tool_start" && started.arguments);
});

Deno.test("callTool() does not write over a file that changed while the host was asked", async (t) => {
  const changes: Readonly<Record<string, { name: string; says: RegExp }>> = {
    "a file that was read": { name: "read.txt", says: /it changed since it was read; Read it/ },
    "a file that was not there": { name: "new.txt", says: /it exists and was not read yet/ },
  };
  for (const [what, { name, says }] of Object.entries(changes)) {
    await t.step(what, async () => {
      await using world = new ToolWorld({ "read.txt": "one\n" });
      await readTool.perform({ file_path: world.path("read.txt") }, world.world, NEVER);
      const { deps } = setUp({
        policy: policyWith({}),
        perform: performIn(world),
        approve() {
          writeFileSync(world.path(name), "somebody else's\n");
          return Promise.resolve("allowed");
        },
      });
      const args = { file_path: world.path(name), content: "mine\n" };
      const { message } = await run(call("Write", args), deps);
      assert.equal(message.tool_success, false);
      assert.match(message.content, says);
      assert.equal(readFileSync(world.path(name), "utf8"), "somebody else's\n");
    });
  }
});
