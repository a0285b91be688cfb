import { strict as assert } from "node:assert";
import { Refusals } from "../../src/cli/refusals.ts";
import type { ChildFrame } from "../../src/protocol/frames.ts";
import { refusal } from "../../src/tools/roots.ts";
import { call, done, events, failed } from "./streams.ts";

const ROOTS = { workspace: "/w", read: [], write: [] };

function outside(access: "read" | "write", path: string): string {
  return refusal(access, path, { roots: ROOTS }).message;
}

function report(...frames: readonly ChildFrame[]): string {
  const refusals = new Refusals("/w");
  for (const frame of frames) refusals.take(frame);
  const outputs = refusals.report();
  assert.ok(outputs.every(({ to }) => to === "stderr"));
  return outputs.map(({ text }) => text).join("");
}

function read(id: string, path: string): ChildFrame[] {
  return events(
    call(id, "Read", { file_path: path }),
    failed(id, `Execution failed: ${outside("read", path)}`),
  );
}

function asked(permission: string, resource: string): ChildFrame {
  const body = { tool_name: "T", permission, resource };
  return { kind: "approval_request", id: "sa-0", body };
}

Deno.test("Refusals tells each refused action once, with the flag that would allow it", () => {
  const denied = (resource: string) =>
    `Execution failed: Permission denied by host for: ${resource}`;
  assert.equal(
    report(
      ...read("1", "/etc/passwd"),
      ...read("2", "/etc/passwd"),
      ...events(
        call("3", "Write", { file_path: "/out/b" }),
        failed("3", `Execution failed: ${outside("write", "/out/b")}`),
        call("4", "GetFileInfo", { path: "/home" }),
        done("4", outside("read", "/home"), false),
        failed("5", "Tool not available: Bash: capabilities.sandbox.commands is false"),
        failed("6", "Tool not available: Bash: commands need Landlock\x1b[2J"),
        failed("7", "Tool disabled: Write is in the spec's disabled_tools"),
        call("8", "Write", { file_path: "/w/c.txt" }),
        call("9", "Bash", { command: "make" }),
        call("10", "Edit", { file_path: "/w/.envrc" }),
      ),
      asked("Write files to disk", "/w/c.txt"),
      asked("Execute shell commands", "make"),
      ...events(
        failed("8", denied("/w/c.txt")),
        failed("9", denied("make")),
        failed("10", 'Execution failed: Cannot write "/w/.envrc": ".envrc" is protected (why)'),
      ),
    ),
    `refused: 10 actions
  Read /etc/passwd · allow with --read /etc/passwd (×2)
  Write /out/b · allow with --write /out/b
  GetFileInfo /home · allow with --read /home
  Bash · allow with --commands on
  Bash · commands need Landlock\\x1b[2J
  Write · in the spec's disabled_tools
  Write c.txt · allow with --approve edits
  Bash make · allow with --approve all
  Edit .envrc · .envrc is protected, no flag allows it
`,
  );
});

Deno.test("Refusals counts what it does not show", () => {
  const text = report(...Array.from({ length: 12 }, (_, at) => read(`${at}`, `/x/${at}`)).flat());
  const lines = text.trimEnd().split("\n");
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [
    12,
    "refused: 12 actions",
    "  and 2 more",
  ]);
});

Deno.test("Refusals says nothing of what failed or went well by itself", () => {
  const line = outside("read", "/home/u/.ssh");
  assert.equal(
    report(
      ...events(
        call("1", "Read", { file_path: "/w/a" }),
        failed("1", 'Execution failed: Cannot read "/w/a": no such file or folder'),
        call("2", "Bash", { command: "evil" }),
        done("2", line, false),
        call("3", "GetFileInfo", { path: "/w" }),
        done("3", line),
        done("4", line, false),
      ),
      { kind: "event", event: { type: "tool_error", error: 7 } },
      { kind: "event", event: null },
      { kind: "terminal", status: "completed", result: line },
    ),
    "",
  );
});

Deno.test("Refusals gives flags that a shell takes as they are meant", async (t) => {
  const cases = [
    ["/plain/a-b_c.txt", "--read /plain/a-b_c.txt"],
    ["/with space", "--read '/with space'"],
    ["/$(rm -rf ~)/`x`/it's", "--read '/$(rm -rf ~)/`x`/it'\\''s'"],
    ["/tilde/~", "--read '/tilde/~'"],
    ["/zwölf", "--read '/zwölf'"],
    ["/new\nline", "--read and its path, which cannot be shown here"],
    ["/back\u202ewards", "--read and its path, which cannot be shown here"],
    [`/${"x".repeat(500)}`, "--read and its path, which cannot be shown here"],
  ] as const;
  for (const [path, flag] of cases) {
    await t.step(JSON.stringify(path).slice(0, 30), () => {
      const [, line = ""] = report(...read("1", path)).split("\n");
      assert.equal(line.slice(line.indexOf(" · ")), ` · allow with ${flag}`);
    });
  }
});
