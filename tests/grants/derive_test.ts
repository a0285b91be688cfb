import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { deriveGrants, type Facts } from "../../src/grants/derive.ts";
import type { Machine, Places } from "../../src/grants/machine.ts";
import { denoPermissions } from "../../src/grants/project.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";
import type { ProvisionSpec } from "../../src/protocol/spec.ts";

const MACHINE: Machine = {
  os: "linux",
  level: "deno",
  missing: ["no kernel layers"],
  holdsSignals: false,
  unboxed: 'commands need level "kernel"',
  reserved: [{ name: "the sheath program", path: "/opt/sheath" }],
};
const PLACES: Places = {
  fabricDir: "/run/fabric",
  storageDir: "/var/st",
  workspace: "/home/u/project",
  read: ["/usr/share/doc"],
  write: ["/home/u/out"],
  skills: [],
};
const PROVIDER = {
  protocol: "openai",
  name: "openai",
  credentialIndex: 0,
  baseUrl: "https://api.example/v1",
} as const;

function specWith(more: Record<string, unknown> = {}): ProvisionSpec {
  return decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "c-1" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/run/fabric",
    ...more,
  }));
}

function refusalOf(spec: ProvisionSpec, facts: Partial<Facts>): string {
  try {
    deriveGrants(spec, { machine: MACHINE, places: PLACES, ...facts });
  } catch (thrown) {
    if (thrown instanceof WorkerError && thrown.fault === "refused") return thrown.message;
    throw thrown;
  }
  return "";
}

Deno.test("deriveGrants() gives the provider's route and nothing else of the network", () => {
  const grants = deriveGrants(specWith(), { machine: MACHINE, places: PLACES, provider: PROVIDER });
  assert.deepEqual(grants.routes, [{
    id: "provider",
    purpose: "provider",
    origin: "https://api.example",
    pathPrefix: "/v1",
    methods: ["POST"],
    protocol: "openai",
    credential: 0,
  }]);
  assert.deepEqual(denoPermissions(grants, "/opt/sheath").gateway.net, ["api.example:443"]);
});

for (const protocol of ["openai", "anthropic", "gemini"] as const) {
  Deno.test(`deriveGrants() has the route of ${protocol} speak it`, () => {
    const provider = { ...PROVIDER, protocol };
    const { routes } = deriveGrants(specWith(), { machine: MACHINE, places: PLACES, provider });
    assert.deepEqual(routes.map((route) => route.protocol), [protocol]);
  });
}

Deno.test("denoPermissions() keeps agent and hands out of each other's folders", () => {
  const grants = deriveGrants(specWith(), { machine: MACHINE, places: PLACES, provider: PROVIDER });
  const { agent, hands, gateway } = denoPermissions(grants, "/opt/sheath");
  assert.deepEqual([agent.read, agent.write], [["/var/st"], ["/var/st"]]);
  assert.deepEqual(hands.write, ["/home/u/project", "/home/u/out"]);
  assert.deepEqual(hands.read, ["/home/u/project", "/home/u/out", "/usr/share/doc"]);
  assert.deepEqual([gateway.read, gateway.write], [false, false]);
  for (const { env, run, ffi, sys, import: imports } of [agent, hands, gateway]) {
    assert.deepEqual([env, run, ffi, sys, imports], [false, false, false, false, false]);
  }
  assert.deepEqual([agent.net, hands.net], [false, false]);
});

Deno.test("denoPermissions() names the port and keeps the brackets of an IPv6 host", () => {
  const provider = { ...PROVIDER, baseUrl: "http://[::1]:8080/v1" };
  const grants = deriveGrants(specWith(), { machine: MACHINE, places: PLACES, provider });
  assert.deepEqual(denoPermissions(grants, "/opt/sheath").gateway.net, ["[::1]:8080"]);
});

Deno.test("deriveGrants() takes the spec's limits, zero included", () => {
  const spec = specWith({ limits: { max_rounds: 0, run_timeout_secs: 90 } });
  const { limits } = deriveGrants(spec, { machine: MACHINE, places: PLACES });
  assert.deepEqual([limits.maxRounds, limits.runTimeoutMs], [0, 90_000]);
});

Deno.test("deriveGrants() bounds commands by the spec's limits or the usual ones", () => {
  const MIB = 1024 * 1024;
  const usual = {
    memoryBytes: 2048 * MIB,
    processes: 512,
    cpuSecs: undefined,
    fileBytes: 256 * MIB,
    outputBytes: 512 * 1024,
    tmpBytes: 1024 * MIB,
  };
  const given = { memory_bytes: 1, processes: 2, cpu_secs: 3, file_bytes: 4, tmp_bytes: 6 };
  const limitsOf = (capabilities: Record<string, unknown>) =>
    deriveGrants(specWith({ capabilities }), { machine: MACHINE, places: PLACES }).limits.commands;
  assert.deepEqual(limitsOf({}), usual);
  assert.deepEqual(limitsOf({ sandbox: { limits: given } }), {
    memoryBytes: 1,
    processes: 2,
    cpuSecs: 3,
    fileBytes: 4,
    outputBytes: usual.outputBytes,
    tmpBytes: 6,
  });
});

Deno.test("deriveGrants() boxes commands where that can be, and only a name takes them out", () => {
  const KERNEL: Machine = { ...MACHINE, level: "kernel", missing: [], unboxed: undefined };
  const commandsOf = (commands: unknown, machine: Machine) =>
    deriveGrants(specWith({ capabilities: { sandbox: { commands } } }), {
      machine,
      places: PLACES,
    }).commands;
  assert.deepEqual(commandsOf(true, KERNEL), { type: "boxed" });
  assert.deepEqual(commandsOf(true, MACHINE), { type: "refused", why: MACHINE.unboxed });
  for (const machine of [KERNEL, MACHINE]) {
    assert.deepEqual(commandsOf("unconfined", machine), { type: "unconfined" });
    const why = "capabilities.sandbox.commands is false";
    assert.deepEqual(commandsOf(false, machine), { type: "refused", why });
  }
});

Deno.test("deriveGrants() refuses a tool root that reaches what the worker trusts", async (t) => {
  const cases: [string, Partial<Places>, RegExp][] = [
    ["holds the fabric", { workspace: "/run" }, /"\/run": it overlaps fabric_dir "\/run\/fabric"/],
    ["lies in the storage", { write: ["/var/st/sessions"] }, /overlaps storage_dir/],
    ["holds the storage", { read: ["/var"] }, /"\/var": it overlaps storage_dir "\/var\/st"/],
    ["is the whole disk", { workspace: "/" }, /overlaps fabric_dir.*overlaps storage_dir/],
    ["has skills where sessions are", { skills: ["/var/st/sessions"] }, /overlaps storage_dir/],
    ["has the fabric as skills", { skills: ["/run"] }, /overlaps fabric_dir/],
    ["holds the program", { workspace: "/opt" }, /overlaps the sheath program/],
  ];
  for (const [name, change, expected] of cases) {
    await t.step(name, () => {
      assert.match(refusalOf(specWith(), { places: { ...PLACES, ...change } }), expected);
    });
  }
  await t.step("but not its own work folder, nor a neighbour of like name", () => {
    const places = { ...PLACES, workspace: "/var/st/work", write: ["/var/st2", "/run/fabric-2"] };
    assert.equal(refusalOf(specWith(), { places }), "");
  });
});

Deno.test("deriveGrants() takes skills that tools can write for trusted workspaces only", () => {
  const trusted = specWith({ capabilities: { sandbox: { trust_workspace: true } } });
  const folders = ["/home/u/project/skills", "/home/u", "/var/st/tmp/x", "/home/u/out"];
  for (const folder of folders) {
    const places = { ...PLACES, skills: [folder] };
    const refusal = `capabilities.skills_dir: tools may write in "${folder}", expected a folder ` +
      "that they cannot change, or capabilities.sandbox.trust_workspace";
    assert.equal(refusalOf(specWith(), { places }), refusal);
    const isOfCommands = folder.startsWith("/var/st/");
    assert.equal(refusalOf(trusted, { places }), isOfCommands ? refusal : "");
  }
  const places = { ...PLACES, skills: ["/var/st/skills", "/var/st/skills-plan", "/skills"] };
  assert.equal(refusalOf(specWith(), { places }), "");
});

Deno.test("deriveGrants() takes an empty selection of skills for none", () => {
  const skillsOf = (skills: unknown) =>
    deriveGrants(specWith({ capabilities: { skills } }), { machine: MACHINE, places: PLACES })
      .skills;
  const none = { trustsWorkspace: false, mode: undefined, disabled: [], selected: undefined };
  assert.deepEqual(skillsOf({}), none);
  assert.deepEqual(skillsOf({ selected: [] }), none);
  assert.deepEqual(skillsOf({ selected: ["a"], disabled: ["b"], mode: "plan" }), {
    ...none,
    mode: "plan",
    disabled: ["b"],
    selected: ["a"],
  });
});

Deno.test("deriveGrants() refuses by name what it could not enforce", async (t) => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ sandbox: { require: "kernel" } }, /sandbox\.require: level "kernel" .* reaches "deno"/],
    [{ sandbox: { command_hosts: ["a.example:443"] } }, /sandbox\.command_hosts/],
  ];
  for (const [capabilities, expected] of cases) {
    await t.step(JSON.stringify(capabilities), () => {
      assert.match(refusalOf(specWith({ capabilities }), {}), expected);
    });
  }
  await t.step("and nothing that is not asked for", () => {
    const capabilities = { sandbox: { require: "deno" }, permission_mode: "default" };
    assert.equal(refusalOf(specWith({ capabilities }), {}), "");
  });
});

Deno.test("deriveGrants() gives windows agents, and no programs outside of a box", () => {
  const machine: Machine = { ...MACHINE, os: "windows" };
  assert.equal(refusalOf(specWith(), { machine }), "");
  const capabilities = { sandbox: { commands: "unconfined" } };
  assert.match(
    refusalOf(specWith({ capabilities }), { machine }),
    /^capabilities\.sandbox\.commands: "unconfined" .* windows/,
  );
  const mac: Machine = { ...MACHINE, os: "darwin" };
  assert.equal(refusalOf(specWith({ capabilities }), { machine: mac }), "");
});
