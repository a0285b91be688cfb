import { strict as assert } from "node:assert";
import { applies, grantOf, isAskedBy, type Subject } from "../../src/permissions/rules.ts";

function path(value: string): Subject {
  return { permission: "write_file", type: "path", value };
}

function text(value: string): Subject {
  return { permission: "execute_command", type: "text", value };
}

const PATTERNS: readonly (readonly [pattern: string, subject: Subject, isAbout: boolean])[] = [
  ["/w/a.ts", path("/w/a.ts"), true],
  ["/w/./a.ts", path("/w/a.ts"), true],
  ["/w/a.ts", path("/w/b/../a.ts"), true],
  ["/w/a.ts", path("/w/a.tsx"), false],
  ["*", path("/w/a.ts"), true],
  ["**/*", path("/w/a.ts"), true],
  ["*.ts", path("/w/a.ts"), true],
  ["*.ts", path("/w/a.tsx"), false],
  ["*.ts", path("/w/x.ts/a"), false],
  ["/w/*", path("/w/a.ts"), true],
  ["/w/*", path("/w/b/a.ts"), false],
  ["/w/*", path("/w"), false],
  ["/w/*", path("/wide/a.ts"), false],
  ["/w/*", path("/w/../etc/a"), false],
  ["/*", path("/a"), true],
  ["/*", path("/a/b"), false],
  ["/w/**", path("/w/b/a.ts"), true],
  ["/w/**", path("/w/a.ts"), true],
  ["/w/**", path("/wide/a.ts"), false],
  ["/w/**", path("/w/../etc/a"), false],
  ["/**", path("/a/b"), true],
  ["git status", text("git status"), true],
  ["git status", text("git status; rm x"), false],
  ["*", text("ls"), true],
  ["**/*", text("ls"), true],
  ["*.ts", text("rm a.ts"), false],
  ["/w/**", text("/w/run"), false],
];
for (const [pattern, subject, isAbout] of PATTERNS) {
  Deno.test(`applies() says ${isAbout} to "${pattern}" for ${subject.type} "${subject.value}"`, () => {
    const { permission } = subject;
    assert.equal(applies({ permission, pattern }, subject, 0), isAbout);
    assert.equal(isAskedBy(`Bash(${pattern})`, "Bash", subject), isAbout);
  });
}

Deno.test("applies() is about its own permission only, and ends in time", () => {
  const rule = { permission: "write_file", pattern: "*", expiresAtMs: 100 } as const;
  assert.equal(applies(rule, path("/a"), 99), true);
  assert.equal(applies(rule, path("/a"), 100), false);
  assert.equal(applies(rule, text("ls"), 99), false);
});

Deno.test("grantOf() lasts for half an hour", () => {
  assert.deepEqual(grantOf("write_file", "/w/*", { nowMs: 5 }), {
    permission: "write_file",
    pattern: "/w/*",
    expiresAtMs: 1_800_005,
  });
});

const ASK_RULES: readonly (readonly [rule: string, isAsked: boolean])[] = [
  ["Bash(ls)", true],
  [" Bash(ls) ", true],
  ["Bash", true],
  ["Bash(*)", true],
  ["Bash(pwd)", false],
  ["Write(ls)", false],
  ["Write", false],
  ["", true],
  ["Bash(ls", true],
  ["Bash ls", true],
];
for (const [rule, isAsked] of ASK_RULES) {
  Deno.test(`isAskedBy() says ${isAsked} to "${rule}" for Bash with ls`, () => {
    assert.equal(isAskedBy(rule, "Bash", text("ls")), isAsked);
  });
}
