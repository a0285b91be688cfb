// Specs that cannot be served: the exit code, one line that names the field, and nothing left behind.
import { strict as assert } from "node:assert";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { filesUnder, Playground } from "../support/playground.ts";
import { echoSpec, modelSpec, scriptedSpec, type Spec } from "../support/scripted_spec.ts";
import { type Exit, runSheath } from "../support/sheath_process.ts";

type Case = {
  readonly code: 2 | 3;
  /** In the one line on stderr. */
  readonly says: RegExp;
  readonly input: (ground: Playground) => string;
};

const text = (spec: (ground: Playground) => unknown) => (ground: Playground) =>
  JSON.stringify(spec(ground));

/** An echo spec with other fields; `undefined` leaves one out. */
const echo = (fields: Readonly<Record<string, unknown>>) =>
  text((ground) => ({ ...echoSpec(ground), ...fields }));

const model = (provider: string, credentials: readonly unknown[] = []) =>
  text((ground) => ({
    ...scriptedSpec(ground, []),
    model: { provider, model: "m" },
    secrets: { provider_credentials: credentials },
  }));

const baseUrl = (url: string) => text((ground) => modelSpec(ground, { baseUrl: url }));

const sandbox = (fields: Readonly<Record<string, unknown>>) =>
  text((ground) => ({ ...echoSpec(ground), capabilities: { sandbox: fields } }));

const CASES: Readonly<Record<string, Case>> = {
  "empty stdin": { code: 2, says: /stdin is empty/, input: () => "" },
  "only blanks": { code: 2, says: /stdin is empty/, input: () => " \n\t\n" },
  "truncated JSON": {
    code: 2,
    says: /JSON line 1, column \d+: ends too early/,
    input: (ground) => JSON.stringify(echoSpec(ground)).slice(0, -1),
  },
  "two documents": {
    code: 2,
    says: /JSON line 1, column \d+: expected the end/,
    input: (ground) => JSON.stringify(echoSpec(ground)).repeat(2),
  },
  "no object": { code: 2, says: /expected /, input: () => '"spec"' },
  "more than 8 MiB": {
    code: 2,
    says: /larger than 8388608 bytes/,
    input: (ground) => JSON.stringify(echoSpec(ground)).padEnd(8 * 1024 * 1024 + 1),
  },
  "100,000 levels": { code: 2, says: /expected /, input: () => "[".repeat(100_000) },
  "no version": { code: 2, says: /version/, input: echo({ version: undefined }) },
  "version as text": { code: 2, says: /version: expected /, input: echo({ version: "1" }) },
  "no identity": { code: 2, says: /identity/, input: echo({ identity: undefined }) },
  "a child_id that is a number": {
    code: 2,
    says: /identity\.child_id: expected a string, got a number/,
    input: echo({ identity: { child_id: 7 } }),
  },
  "a child_id that is a path": {
    code: 2,
    says: /identity\.child_id: expected /,
    input: echo({ identity: { child_id: "../x" } }),
  },
  "a hidden child_id": {
    code: 2,
    says: /identity\.child_id: expected /,
    input: echo({ identity: { child_id: ".x" } }),
  },
  "an empty child_id": {
    code: 2,
    says: /identity\.child_id: expected /,
    input: echo({ identity: { child_id: "" } }),
  },
  "no executor": { code: 2, says: /executor/, input: echo({ executor: undefined }) },
  "an unknown executor": {
    code: 2,
    says: /executor\.kind: /,
    input: echo({ executor: { kind: "docker" } }),
  },
  "no fabric_dir": { code: 2, says: /fabric_dir/, input: echo({ fabric_dir: undefined }) },
  "a relative fabric_dir": {
    code: 2,
    says: /fabric_dir: expected an absolute path/,
    input: echo({ fabric_dir: "fabric" }),
  },
  "reusable as text": { code: 2, says: /reusable: expected /, input: echo({ reusable: "yes" }) },
  "a negative limit": {
    code: 2,
    says: /limits\.max_rounds: expected /,
    input: echo({ limits: { max_rounds: -1 } }),
  },
  "a field given twice": {
    code: 2,
    says: /reusable/,
    input: (ground) => JSON.stringify(echoSpec(ground)).replace("{", '{"reusable":false,'),
  },
  "no model": {
    code: 2,
    says: /model/,
    input: text((ground) => scriptedSpec(ground, [], { model: undefined })),
  },
  "a model without a name": {
    code: 2,
    says: /model/,
    input: text((ground) =>
      scriptedSpec(ground, [], { model: { provider: "scripted", model: "" } })
    ),
  },
  "an unknown provider": {
    code: 2,
    says: /Unknown provider|unknown provider "watson"/i,
    input: model("watson", [{ provider: "watson", api_key: "k-123456" }]),
  },
  "a model without a credential": { code: 2, says: /API key|credential/, input: model("openai") },
  "a credential without a key": {
    code: 2,
    says: /provider_credentials\[0\]\.api_key/,
    input: model("openai", [{ provider: "openai" }]),
  },
  "an empty key without a base_url": {
    code: 2,
    says: /API key/,
    input: model("openai", [{ provider: "openai", api_key: "" }]),
  },
  "a base_url of ftp": { code: 2, says: /base_url: /, input: baseUrl("ftp://127.0.0.1/v1") },
  "a base_url of file": { code: 2, says: /base_url: /, input: baseUrl("file:///etc") },
  "a base_url that is none": { code: 2, says: /base_url: /, input: baseUrl("127.0.0.1:80") },
  "a base_url with a password": {
    code: 2,
    says: /base_url: /,
    input: baseUrl("http://user:hunter2@127.0.0.1/v1"),
  },
  "an empty bearer token": {
    code: 2,
    says: /secrets\.worker_auth_token: expected /,
    input: echo({ secrets: { worker_auth_token: "" } }),
  },
  "a script with an unknown field": {
    code: 2,
    says: /turns\[0\].*unknown field "speak"/,
    input: text((ground) =>
      scriptedSpec(ground, [], { capabilities: { script: { turns: [{ speak: "x" }] } } })
    ),
  },
  "a workspace that is missing": {
    code: 2,
    says: /workspace: .*does not exist/,
    input: text((ground) => echoSpec(ground, { workspace: ground.path("missing") })),
  },
  "a workspace that is a file": {
    code: 2,
    says: /workspace: .*expected a folder/,
    input: text((ground) => echoSpec(ground, { workspace: ground.write("file", "x") })),
  },
  "a storage_dir that is a file": {
    code: 2,
    says: /storage_dir: .*expected a folder/,
    input: text((ground) => echoSpec(ground, { storage_dir: ground.write("file", "x") })),
  },
  "a storage_dir below a file": {
    code: 2,
    says: /storage_dir: /,
    input: text((ground) => echoSpec(ground, { storage_dir: `${ground.write("file", "x")}/s` })),
  },
  "a storage_dir that is a link": {
    code: 2,
    says: /storage_dir: .*symbolic link/,
    input: text((ground) => {
      symlinkSync(ground.home, join(ground.root, "link"));
      return echoSpec(ground, { storage_dir: join(ground.root, "link") });
    }),
  },
  "a storage_dir that cannot be written": {
    code: 2,
    says: /storage_dir: /,
    // Nobody makes a folder there, root neither.
    input: text((ground) => echoSpec(ground, { storage_dir: "/proc/sheath" })),
  },
  "a fabric_dir that is a file": {
    code: 2,
    says: /fabric_dir: .*expected a folder/,
    input: text((ground) => echoSpec(ground, { fabric_dir: ground.write("file", "x") })),
  },
  "a granted folder that is missing": {
    code: 2,
    says: /capabilities\.sandbox\.read.*does not exist/,
    input: sandbox({ read: ["/no/such/folder"] }),
  },
  "a granted host that is none": {
    code: 2,
    says: /capabilities\.sandbox\.hosts\[0\]: expected /,
    input: sandbox({ hosts: ["example.com"] }),
  },
  "an unknown level": {
    code: 2,
    says: /capabilities\.sandbox\.require: expected /,
    input: sandbox({ require: "fortress" }),
  },
  "hosts for commands below level namespace": {
    code: 3,
    says: /capabilities\.sandbox\.command_hosts: .*namespace/,
    input: sandbox({ command_hosts: ["example.com:443"] }),
  },
  "a workspace that holds fabric_dir": {
    code: 3,
    says: /overlaps fabric_dir/,
    input: text((ground) =>
      echoSpec(ground, {
        workspace: ground.workspace,
        fabric_dir: ground.path("fabric"),
      })
    ),
  },
  "a workspace inside fabric_dir": {
    code: 3,
    says: /overlaps fabric_dir/,
    input: text((ground) => echoSpec(ground, { workspace: ground.home, fabric_dir: ground.root })),
  },
  "a workspace that holds storage_dir": {
    code: 3,
    says: /overlaps storage_dir/,
    input: text((ground) =>
      echoSpec(ground, { workspace: ground.workspace, storage_dir: ground.path("storage") })
    ),
  },
  "a workspace that holds sheath's own state": {
    code: 3,
    says: /overlaps sheath's own state/,
    input: text((ground) => echoSpec(ground, { workspace: ground.state })),
  },
  "a folder for writing that holds fabric_dir by a link": {
    code: 3,
    says: /overlaps fabric_dir/,
    input: text((ground) => {
      mkdirSync(ground.fabric);
      symlinkSync(ground.fabric, join(ground.root, "link"));
      const write = [join(ground.root, "link")];
      return echoSpec(ground, { capabilities: { sandbox: { write } } });
    }),
  },
};

for (const [name, { code, says, input }] of Object.entries(CASES)) {
  Deno.test(`worker refuses ${name} with exit ${code} and one line, and leaves nothing`, async () => {
    using ground = new Playground();
    const given = input(ground);
    const before = filesUnder(ground.root);
    const exit = await runSheath(["worker"], { variables: ground.variables, input: given });
    assertRefused(exit, { code, says });
    assert.deepEqual(filesUnder(ground.root), before);
    assert.equal(existsSync(ground.storage), false, "made storage_dir");
  });
}

Deno.test("worker shows no secret when it refuses a spec", async (t) => {
  const key = "sk-canary-5f2b9c";
  const specs: Record<string, (ground: Playground) => Spec> = {
    "in a wrong base_url": (ground) =>
      modelSpec(ground, { baseUrl: `http://u:${key}@127.0.0.1/v1`, apiKey: key }),
    "beside a wrong field": (ground) =>
      modelSpec(ground, { baseUrl: "http://127.0.0.1:9/v1", apiKey: key }, { reusable: key }),
    "as a field's value": (ground) => echoSpec(ground, { secrets: { provider_credentials: key } }),
    "as a path": (ground) => echoSpec(ground, { storage_dir: key }),
  };
  for (const [name, spec] of Object.entries(specs)) {
    await t.step(name, async () => {
      using ground = new Playground();
      const { code, stdout, stderr } = await run(ground, spec(ground));
      assert.equal(code, 2);
      assert.ok(!(stdout + stderr).includes(key), stderr);
    });
  }
});

Deno.test("worker refuses every cut of a spec with exit 2 and one line", async () => {
  using ground = new Playground();
  const whole = JSON.stringify(echoSpec(ground));
  const cuts = Array.from({ length: 8 }, (_, part) => Math.floor(whole.length * part / 8));
  for (const cut of cuts) {
    const input = whole.slice(0, cut);
    const exit = await runSheath(["worker"], { variables: ground.variables, input });
    assertRefused(exit, { code: 2, says: /spec|JSON/ });
  }
  assert.deepEqual(filesUnder(ground.root), []);
});

Deno.test("worker takes the same spec with unknown fields, another version and blanks around it", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, {
    version: 9,
    novelty: { a: [1] },
    reusable: true,
    limits: { idle_timeout_secs: 0 },
  });
  const input = `\n ${JSON.stringify(spec)} \n`;
  const exit = await runSheath(["worker"], { variables: ground.variables, input });
  assert.equal(exit.code, 0);
  assert.match(exit.stderr, /^[^\n]*version[^\n]*\n$/);
});

Deno.test("worker takes a spec of exactly 8 MiB", async () => {
  using ground = new Playground();
  const spec = echoSpec(ground, { limits: { idle_timeout_secs: 0 } });
  const input = JSON.stringify(spec).padEnd(8 * 1024 * 1024);
  const exit = await runSheath(["worker"], { variables: ground.variables, input });
  assert.deepEqual({ code: exit.code, stderr: exit.stderr }, { code: 0, stderr: "" });
});

Deno.test("worker refuses a storage_dir whose mode lets nobody write, and leaves it as it was", async () => {
  using ground = new Playground();
  mkdirSync(ground.storage);
  writeFileSync(join(ground.storage, "theirs"), "x");
  chmodSync(ground.storage, 0o500);
  const exit = await run(ground, echoSpec(ground));
  chmodSync(ground.storage, 0o700);
  assertRefused(exit, { code: 2, says: /storage_dir: / });
  assert.deepEqual(filesUnder(ground.storage), ["theirs"]);
});

async function run(ground: Playground, spec: Spec): Promise<Exit> {
  return await runSheath(["worker"], { variables: ground.variables, input: JSON.stringify(spec) });
}

function assertRefused(exit: Exit, { code, says }: { code: number; says: RegExp }): void {
  assert.deepEqual({ code: exit.code, signal: exit.signal, stdout: exit.stdout }, {
    code,
    signal: null,
    stdout: "",
  }, exit.stderr);
  assert.match(exit.stderr, /^sheath worker: [^\n]+\n$/, "expected one line");
  assert.match(exit.stderr, says);
}
