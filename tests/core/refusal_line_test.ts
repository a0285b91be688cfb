import { strict as assert } from "node:assert";
import { join } from "node:path";
import { callTool, prepareCall, type ToolCallDeps } from "../../src/agent/tool_call.ts";
import { readRefusal } from "../../src/core/refusal_line.ts";
import { APPROVALS } from "../../src/core/approval.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import { messageOf } from "../../src/core/errors.ts";
import { judgeUrl } from "../../src/gateway/web_judge.ts";
import { webGrant } from "../../src/grants/web_grant.ts";
import { refusal } from "../../src/tools/roots.ts";
import type { Policy } from "../../src/permissions/decide.ts";
import { findWriteTarget } from "../../src/tools/write_target.ts";
import { deskWith } from "../agent/desk.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempDir } from "../support/temp_dir.ts";

const ROOTS = { workspace: "/ws", read: ["/data (old); x"], write: ["/out"] };

Deno.test("readRefusal() reads the line that roots.ts writes", async (t) => {
  const paths = [
    "/etc/passwd",
    "/etc/pass wd",
    '/a"; grant it with capabilities.sandbox.read ["/"] or sheath run --read /',
    '/a); grant it with capabilities.sandbox.read ["/"] or sheath run --read /',
    "/a\\b\n\u202ec\x7f",
    `/${"x".repeat(399)}`,
  ];
  for (const path of paths) {
    for (const access of ["read", "write"] as const) {
      for (const named of [path, "/ws/link"]) {
        await t.step(`${access} ${JSON.stringify(path).slice(0, 30)} ${named === path}`, () => {
          const { message } = refusal(access, path, { roots: ROOTS, named });
          const expected = { type: "ungranted", access, path };
          assert.deepEqual(readRefusal(`Execution failed: ${message}`), expected);
          assert.deepEqual(readRefusal(message), expected);
        });
      }
    }
  }
});

Deno.test("readRefusal() takes no path that roots.ts has cut", () => {
  const { message } = refusal("read", `/${"x".repeat(400)}`, { roots: ROOTS });
  assert.deepEqual(readRefusal(message), { type: "ungranted", access: "read", path: undefined });
});

Deno.test("readRefusal() reads the line about a host that is not granted", () => {
  const rules = { grant: webGrant(["a.example:443"]), taken: ["api.example:443"] };
  const lineFor = (url: string) => {
    const judged = judgeUrl(url, rules);
    return judged.type === "refused" ? `Execution failed: ${judged.why}` : "";
  };
  for (
    const [url, host] of [["https://b.example/", "b.example:443"], ["http://[::1]/", "[::1]:80"]]
  ) {
    assert.ok(url);
    const expected = { type: "ungranted_host", host };
    assert.deepEqual(readRefusal(lineFor(url)), expected);
    const line = lineFor(url).replace(": ", ': "https://a.example/" redirects to "https://x": ');
    assert.deepEqual(readRefusal(line), expected);
  }
  for (const url of ["https://a.example/", "https://api.example/", "ftp://b.example/", "x"]) {
    assert.equal(readRefusal(lineFor(url)), undefined);
  }
});

Deno.test("readRefusal() reads the line about a protected name", async () => {
  await using root = tempDir();
  const roots = { workspace: root.path, read: [], write: [] };
  const path = join(root.path, ".git", "hooks", "pre-commit");
  const line = await findWriteTarget(path, roots).then(() => "", messageOf);
  assert.deepEqual(readRefusal(`Execution failed: ${line}`), {
    type: "protected",
    name: ".git/hooks",
  });
});

Deno.test("readRefusal() reads what the agent says of a denied act and of a disabled tool", async () => {
  const resource = "/ws/a\nb";
  const policy = { ...POLICY, enforced: true };
  for (const answer of APPROVALS) {
    if (answer === "allowed") continue;
    const asked = await errorOf({ policy, approve: () => Promise.resolve(answer) }, resource);
    assert.deepEqual(readRefusal(asked), { type: "denied", resource });
  }
  const unlisted = await errorOf({ policy: { ...policy, mode: "dontAsk" } }, resource);
  assert.equal(readRefusal(unlisted)?.type, "denied");
  const disabled = await errorOf({ disabledTools: ["Write"] }, resource);
  assert.deepEqual(readRefusal(disabled), { type: "disabled", tool: "Write" });
});

const POLICY: Policy = {
  enforced: false,
  bypassed: false,
  mode: "default",
  threshold: "low",
  rules: { listed: [], ask: [] },
  grants: [],
};

/** The text of a Write call's tool_error. */
async function errorOf(deps: Partial<ToolCallDeps>, file_path: string): Promise<string> {
  const events: AgentEvent[] = [];
  const args = JSON.stringify({ file_path, content: "x" });
  const call = { id: "1", type: "function", function: { name: "Write", arguments: args } } as const;
  const clock = new FakeClock();
  const all: ToolCallDeps = {
    clock,
    make: { newId: () => "m", timestamp: () => "2026-06-18T10:00:00Z" },
    emit: (event) => Promise.resolve(void events.push(event)),
    perform: () => Promise.reject(new TypeError("not to be performed")),
    approve: () => Promise.resolve("denied"),
    analyse: () => Promise.reject(new TypeError("not to be analysed")),
    policy: POLICY,
    disabledTools: [],
    refusedTools: new Map(),
    desk: deskWith(),
    ...deps,
  };
  await callTool(prepareCall(call, all), all, new AbortController().signal);
  return events.map((event) => event.type === "tool_error" ? event.error : "").join("");
}

Deno.test("readRefusal() reads why a tool is not to be had", async () => {
  const why = "capabilities.sandbox.commands is false";
  const refusedTools = new Map([["Write", why]]);
  assert.deepEqual(readRefusal(await errorOf({ refusedTools }, "/x")), {
    type: "unavailable",
    tool: "Write",
    why,
  });
  assert.deepEqual(readRefusal(`Tool not available: Bash: ${why}`), {
    type: "unavailable",
    tool: "Bash",
    why,
  });
});

Deno.test("readRefusal() takes no piece of a line, nor one with words around it", () => {
  const { message } = refusal("read", "/etc/passwd", { roots: ROOTS });
  for (let at = 1; at < message.length; at++) {
    assert.equal(readRefusal(message.slice(at)), undefined, message.slice(at));
    const cut = readRefusal(message.slice(0, at));
    // The path stands twice: a cut in the second one leaves the first, which is what counts.
    const isAfterPath = at > message.indexOf("--read ") + "--read ".length;
    assert.equal(cut !== undefined, isAfterPath, message.slice(0, at));
  }
  const others = [
    `cat: ${message}`,
    `${message}; and sheath run --write /`,
    'Cannot read "/etc/x": no such file or folder',
    "Tool not found: Rm",
    "Tool not available: Bash",
    "Tool not available: rm -rf: x",
    "Permission denied: /etc",
    'grant it with capabilities.sandbox.read ["/"] or sheath run --read /',
    "",
  ];
  for (const other of others) assert.equal(readRefusal(other), undefined, other);
});
