import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Playground } from "../support/playground.ts";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** The program from its sources: all but what needs the compiled one. */
async function sheath(ground: Playground, ...args: readonly string[]): Promise<Ran> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", MAIN, ...args],
    cwd: ground.workspace,
    clearEnv: true,
    env: { ...ground.variables, DENO_DIR: denoDir(), NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

function denoDir(): string {
  return Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
}

Deno.test("a wrong command line is one line and exit code 2", async (t) => {
  using ground = new Playground();
  const cases = [
    [["frobnicate"], /^sheath: unknown command 'frobnicate'\n$/],
    [["run", "--jsn", "x"], /^sheath: unknown option '--jsn' \(Did you mean --json\?\)\n$/],
    [["run", "--timeout", "soon", "x"], /^sheath: .*--timeout.* Expected a whole number.*\n$/],
    [
      ["run", "--require", "hope", "x"],
      /^sheath: .*Allowed choices are deno, kernel, namespace.*\n$/,
    ],
    [
      ["run", "--commands", "maybe", "x"],
      /^sheath: .*Allowed choices are on, off, unconfined.*\n$/,
    ],
    [["run", "--echo"], /^sheath: TASK is missing: .*\n$/],
    [
      ["explain", "--echo", "spec.json"],
      /^sheath: --echo does not go with SPEC \("spec.json"\)\n$/,
    ],
    [["explain", "nothing.json"], /^sheath: Cannot read "nothing.json": no such file\n$/],
  ] as const;
  for (const [args, message] of cases) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await sheath(ground, ...args);
      assert.match(stderr, message);
      assert.deepEqual([code, stdout], [2, ""]);
    });
  }
});

Deno.test("every command's help is on stdout and has an example", async (t) => {
  using ground = new Playground();
  for (
    const args of [["--help"], ["run", "--help"], ["explain", "-h"], ["help", "agents"], [
      "config",
      "--help",
    ], [
      "config",
      "show",
      "-h",
    ]]
  ) {
    await t.step(args.join(" "), async () => {
      const { code, stdout, stderr } = await sheath(ground, ...args);
      assert.match(stdout, /^Usage: sheath[^]*\nExamples?:\n {2}\S*.*sheath/);
      assert.deepEqual([code, stderr], [0, ""]);
    });
  }
});

Deno.test("explain tells what `sheath run` would be granted, and makes nothing", async () => {
  using ground = new Playground({ "shared/a.txt": "" });
  const flags = ["--model", "ollama:m", "--base-url", "http://127.0.0.1:11434/v1", "--json"];
  // From its sources the program has no kernel's cage.
  const least = ["--require", "deno"];
  const { code, stdout, stderr } = await sheath(ground, "explain", ...flags, ...least);
  assert.deepEqual([code, stderr], [0, ""]);
  const { workspace, routes, compartments } = JSON.parse(stdout);
  assert.equal(workspace, ground.workspace);
  assert.deepEqual(routes, [
    { id: "provider", target: "http://127.0.0.1:11434/v1", methods: ["POST"], key_of: null },
  ]);
  assert.equal(compartments.length, 4);
  assert.deepEqual([...readdirSync(ground.state), ...readdirSync(ground.runtime)], []);
});

Deno.test("explain refuses with exit code 3 what this machine cannot give", async () => {
  using ground = new Playground();
  const spec = ground.write(
    "spec.json",
    JSON.stringify({
      version: 1,
      identity: { child_id: "c-1" },
      executor: { kind: "echo" },
      fabric_dir: ground.workspace,
      storage_dir: ground.storage,
      workspace: ground.workspace,
    }),
  );
  const { code, stdout, stderr } = await sheath(ground, "explain", spec);
  assert.deepEqual([code, stdout], [3, ""]);
  assert.match(stderr, /^sheath: tools may not have ".*": it overlaps fabric_dir ".*"\n$/);
});

Deno.test("agents prints what is in the fabric that variables name", async () => {
  using ground = new Playground();
  const { code, stdout } = await sheath(ground, "agents", "--json");
  assert.deepEqual([code, stdout], [0, "[]\n"]);
});
