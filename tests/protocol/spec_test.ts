import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { isObject } from "../../src/core/schema.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";
import { encodeSpec } from "../../src/protocol/encode.ts";
import { MAX_SPEC_BYTES } from "../../src/protocol/limits.ts";
import { fixture } from "./samples.ts";

const minimal = {
  version: 1,
  identity: { child_id: "c-7" },
  executor: { kind: "echo" },
  fabric_dir: "/run/fabric",
};

/** Every field of ours. */
const ours = {
  sandbox: {
    require: "kernel",
    read: ["/data"],
    write: ["/out"],
    hosts: ["api.example:443"],
    commands: "unconfined",
    command_hosts: ["[::1]:80"],
    limits: {
      memory_bytes: 1,
      processes: 2,
      cpu_secs: 3,
      file_bytes: 4,
      output_bytes: 5,
      tmp_bytes: 6,
    },
    trust_workspace: true,
  },
  budget: { total_tokens: 1, cost_usd: 0.5, tool_calls: 2, subagents: 3, wall_secs: 4 },
  prices: { "m-1": { input: 0.5, output: 2, cached_input: 0.1, cache_write: 0 } },
  skills: { disabled: ["a"], selected: ["b"], mode: "plan" },
  permission_mode: "acceptEdits",
  confirm_threshold: "high",
  answer_pauses: true,
  script: { turns: [{ text: "hi" }] },
};

Deno.test("decodeSpec() fills in what a host leaves out", () => {
  assert.deepEqual(decodeSpec(JSON.stringify(minimal)), {
    version: 1,
    identity: { child_id: "c-7", role: "", depth: 0 },
    executor: { kind: "echo" },
    fabric_dir: "/run/fabric",
    limits: {},
    secrets: { provider_credentials: [] },
    reusable: false,
    placement: { kind: "local" },
    capabilities: { enforce_permissions: false, nested_spawn: false, bypass: false },
  });
});

Deno.test("decodeSpec() reads every field of ours and encodeSpec() writes it", () => {
  const spec = decodeSpec(JSON.stringify({
    ...minimal,
    secrets: { worker_auth_token: "t" },
    capabilities: ours,
  }));
  assert.deepEqual(spec.secrets, { provider_credentials: [], worker_auth_token: "t" });
  assert.deepEqual(spec.capabilities, {
    enforce_permissions: false,
    nested_spawn: false,
    bypass: false,
    ...ours,
  });
  assert.deepEqual(decodeSpec(encodeSpec(spec)), spec);
});

Deno.test("decodeSpec() takes null for every optional field of ours as left out", () => {
  const nulls = Object.fromEntries(Object.keys(ours).map((key) => [key, null]));
  const inSandbox = Object.fromEntries(Object.keys(ours.sandbox).map((key) => [key, null]));
  const plain = decodeSpec(JSON.stringify(minimal));
  assert.deepEqual(decodeSpec(withCapabilities(nulls)), plain);
  assert.deepEqual(decodeSpec(withCapabilities({ sandbox: inSandbox })).capabilities.sandbox, {});
});

Deno.test("decodeSpec() takes the bare word public as a list", () => {
  const spec = decodeSpec(withCapabilities({ sandbox: { hosts: "public" } }));
  assert.deepEqual(spec.capabilities.sandbox, { hosts: ["public"] });
});

const refused: readonly (readonly [capabilities: unknown, message: string])[] = [
  [{ sandbox: [], budget: 1 }, "capabilities.budget: expected an object, got a number"],
  [
    { sandbox: { require: "vm" } },
    'capabilities.sandbox.require: expected "deno", "kernel" or "namespace", got another string',
  ],
  [{ sandbox: { read: "/a" } }, "capabilities.sandbox.read: expected an array, got a string"],
  [{ sandbox: { write: [1] } }, "capabilities.sandbox.write[0]: expected a string, got a number"],
  [{ sandbox: { hosts: "all" } }, "capabilities.sandbox.hosts: expected an array, got a string"],
  [
    { sandbox: { commands: "yes" } },
    'capabilities.sandbox.commands: expected true, false or "unconfined", got another string',
  ],
  [
    { sandbox: { commands: 1 } },
    'capabilities.sandbox.commands: expected true, false or "unconfined", got a number',
  ],
  [
    { sandbox: { limits: { processes: -1 } } },
    "capabilities.sandbox.limits.processes: expected a whole number from 0, got a negative number",
  ],
  [
    { sandbox: { trust_workspace: "no" } },
    "capabilities.sandbox.trust_workspace: expected true or false, got a string",
  ],
  [{ budget: { cost_usd: "1" } }, "capabilities.budget.cost_usd: expected a number, got a string"],
  [{ prices: { m: { input: 1 } } }, "capabilities.prices.m.output: missing, expected a number"],
  [
    { prices: { m: { input: 1, output: "2" } } },
    "capabilities.prices.m.output: expected a number, got a string",
  ],
  [{ skills: { disabled: {} } }, "capabilities.skills.disabled: expected an array, got an object"],
  [
    { permission_mode: "auto" },
    'capabilities.permission_mode: expected "default", "plan", "acceptEdits", "dontAsk" or ' +
    '"bypassPermissions", got another string',
  ],
  [
    { confirm_threshold: "none" },
    'capabilities.confirm_threshold: expected "low", "medium" or "high", got another string',
  ],
  [{ answer_pauses: 0 }, "capabilities.answer_pauses: expected true or false, got a number"],
  [{ script: ["hi"] }, "capabilities.script: expected an object, got an array"],
];
for (const [capabilities, message] of refused) {
  Deno.test(`decodeSpec() says ${message}`, () => {
    assert.throws(
      () => decodeSpec(withCapabilities(capabilities)),
      new WorkerError("bad_input", message),
    );
  });
}

Deno.test("decodeSpec() says in one line what is wrong when the text is no spec", () => {
  const cases: readonly (readonly [text: string, message: string])[] = [
    ["", "JSON line 1, column 1: ends too early, expected a value"],
    ["null", "expected an object, got null"],
    ['{"version":1', 'JSON line 1, column 13: ends too early, expected "," or "}"'],
    ["{}", "version: missing, expected a whole number from 0 up to 4294967295"],
    [
      '{"version":1,"identity":{"child_id":7}}',
      "identity.child_id: expected a string, got a number",
    ],
    [
      '{"version":1,"limits":1.0}',
      "identity: missing, expected an object",
    ],
    [`{"version":1,"x":${"[".repeat(100_001)}`, "JSON line 1, column 100017: nested too deep"],
  ];
  for (const [text, message] of cases) {
    assert.throws(() => decodeSpec(text), new WorkerError("bad_input", message));
  }
});

Deno.test("decodeSpec() refuses a float where an object with defaults could be", () => {
  for (const field of ["limits", "secrets", "capabilities"]) {
    const text = `${JSON.stringify(minimal).slice(0, -1)},"${field}":1.0}`;
    const message = `${field}: expected an object, got a number not written as a whole one`;
    assert.throws(() => decodeSpec(text), new WorkerError("bad_input", message));
  }
});

Deno.test("decodeSpec() refuses a script that is nested too deep", () => {
  const deep = "[".repeat(130) + "]".repeat(130);
  const text = withCapabilities({ script: {} }).replace('"script":{}', `"script":{"a":${deep}}`);
  const message = "capabilities.script: nested too deep";
  assert.throws(() => decodeSpec(text), new WorkerError("bad_input", message));
});

Deno.test("decodeSpec() refuses more than 8 MiB and takes as much", () => {
  const text = JSON.stringify(minimal);
  assert.ok(decodeSpec(text + " ".repeat(MAX_SPEC_BYTES - text.length)));
  assert.throws(
    () => decodeSpec(text + " ".repeat(MAX_SPEC_BYTES - text.length + 1)),
    new WorkerError("bad_input", "Cannot read the spec: 9 MiB, expected at most 8 MiB"),
  );
});

Deno.test("decodeSpec() takes nothing from __proto__", () => {
  const text = JSON.stringify(minimal);
  const spec = decodeSpec(text.replace(
    '"executor"',
    '"__proto__":{"reusable":true},"capabilities":{"__proto__":{"bypass":true}},"executor"',
  ));
  assert.deepEqual(spec, decodeSpec(text));
  assert.throws(
    () => decodeSpec(text.replace('"child_id"', '"__proto__":{"child_id":"x"},"id"')),
    new WorkerError("bad_input", "identity.child_id: missing, expected a string"),
  );
});

Deno.test("decodeSpec() names the place and never the value when any leaf is wrong", () => {
  const full = fixture("provision/full.json");
  const leaves = leavesOf(full).filter(([first, second]) =>
    first !== "capabilities" || second !== "mcp"
  );
  assert.equal(leaves.length, 34);
  for (const path of leaves) {
    const broken = JSON.stringify(replaced(full, path, { "sk-secret": ["sk-secret"] }));
    assert.throws(() => decodeSpec(broken), (error) => {
      assert.ok(error instanceof WorkerError);
      const place = path.join(".").replace(/\.(\d+)/g, "[$1]");
      assert.ok(error.message.startsWith(`${place}: expected `), error.message);
      assert.ok(!error.message.includes("sk-"), error.message);
      return true;
    });
  }
});

function withCapabilities(capabilities: unknown): string {
  return JSON.stringify({ ...minimal, capabilities });
}

function leavesOf(value: unknown): string[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) =>
    leavesOf(inner).map((path) => [key, ...path])
  );
}

function replaced(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value)) {
    return value.map((item, index) => `${index}` === key ? replaced(item, rest, leaf) : item);
  }
  assert.ok(isObject(value));
  return { ...value, [key]: replaced(value[key], rest, leaf) };
}
