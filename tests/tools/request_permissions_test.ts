import { strict as assert } from "node:assert";
import { requestPermissionsTool } from "../../src/tools/request_permissions.ts";
import { ToolDesk } from "./desk.ts";

Deno.test("request_permissions pauses with what is asked for, each with its risk", async () => {
  await using desk = new ToolDesk();
  const question = `May this be done?
- Write files to disk, medium risk: "/work/**", which is everything below "/work", for "the module"
- Execute shell commands, high risk: "npm test"
Reason: to build and test`;
  const outcome = await desk.call(requestPermissionsTool, {
    reason: "to build\n and test",
    permissions: [
      { type: "write_file", resource: "/work/**", description: "the module" },
      { type: "execute_command", resource: "npm test", description: null, extra: 1 },
    ],
  });
  assert.deepEqual(outcome, {
    result: {
      success: true,
      result: JSON.stringify({
        status: "awaiting_permission_approval",
        question,
        reason: "to build\n and test",
        permissions: [
          {
            type: "write_file",
            resource: "/work/**",
            description: "the module",
            risk_level: "medium",
          },
          { type: "execute_command", resource: "npm test", risk_level: "high" },
        ],
        options: ["Approve", "Deny"],
        allow_custom: false,
      }),
      display_preference: "request_permissions",
    },
    pause: {
      question,
      options: ["Approve", "Deny"],
      allowCustom: false,
      subject: {
        type: "permissions",
        wanted: [
          { permission: "write_file", resource: "/work/**" },
          { permission: "execute_command", resource: "npm test" },
        ],
      },
    },
  });
});

Deno.test("request_permissions shows a resource whole, and nothing that passes for another", async () => {
  await using desk = new ToolDesk();
  const long = `echo ${"x".repeat(990)} end`;
  const { pause } = await desk.call(requestPermissionsTool, {
    reason: "a\n- Write files to disk, low risk: none",
    permissions: [
      { type: "execute_command", resource: long },
      { type: "write_file", resource: "/a\n- b\u202e\x1b[2J", description: 'x",\n- y' },
    ],
  });
  assert.deepEqual(pause?.question.split("\n"), [
    "May this be done?",
    `- Execute shell commands, high risk: "${long}"`,
    '- Write files to disk, medium risk: "/a\\n- b\\u202e\\u001b[2J", for "x\\", - y"',
    "Reason: a - Write files to disk, low risk: none",
  ]);
});

const ONE = { type: "write_file", resource: "/a" };
const ROWS = "expected at most 30 rows of 67 characters in all";
const TYPES = ["write_file", "execute_command", "git_write", "http_request"]
  .concat("delete_operation", "terminal_session").map((type) => JSON.stringify(type)).join(" or ");

Deno.test("request_permissions.prepare() refuses what nobody can decide on", () => {
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{ permissions: [ONE] }, "reason: expected a string, got nothing"],
    [{ reason: "x" }, "permissions: expected an array, got nothing"],
    [
      { reason: "x", permissions: [] },
      "permissions: expected at least one permission, got none",
    ],
    [
      { reason: "x", permissions: [{ ...ONE, type: "all" }] },
      `permissions.0.type: expected ${TYPES}, got "all"`,
    ],
    [
      { reason: "x", permissions: [ONE, { type: "git_write", resource: "" }] },
      "permissions.1.resource: expected some text, got an empty one",
    ],
    [
      { reason: "x", permissions: [{ type: "git_write", resource: null }] },
      "permissions.0.resource: expected a string, got nothing",
    ],
    [
      { reason: "x", permissions: [ONE, { ...ONE, description: "x".repeat(101) }] },
      "permissions.1.description: expected at most 100 characters, got 101",
    ],
    [
      { reason: "x", permissions: Array.from({ length: 21 }, () => ONE) },
      "permissions: expected at most 20, got 21",
    ],
    [
      { reason: "x", permissions: [{ ...ONE, resource: "x".repeat(5000) }] },
      `permissions: ${ROWS}, got about 78: ask for less at once`,
    ],
    [
      { reason: "x", permissions: [{ ...ONE, resource: "\u200b".repeat(300) }] },
      `permissions: ${ROWS}, got about 48: ask for less at once`,
    ],
    [
      { reason: "x".repeat(5000), permissions: [ONE] },
      `permissions: ${ROWS}, got about 77: ask for less at once`,
    ],
  ];
  for (const [args, message] of table) {
    assert.throws(() => requestPermissionsTool.prepare(args), { fault: "bad_input", message });
  }
});
