// Lesson: files that are named like parts of the program or its configuration are read by nobody: they
// are neither loaded nor run, wherever the program looks first.
import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { serveModel, textAnswer } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { modelSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const markerOf = (ground: Playground) => join(ground.root, "marker");
const bait = (ground: Playground) =>
  `globalThis.Deno.writeTextFileSync(${JSON.stringify(markerOf(ground))}, "run");\n`;

const SCRIPTS = [
  ...["main", "agent", "hands", "gateway", "openai", "chunk-AAAAAAAA"].flatMap((name) => [
    `${name}.js`,
    `${name}.ts`,
    `${name}.mjs`,
  ]),
  "node_modules/openai/index.js",
  "node_modules/zod/index.js",
  "src/cli/main.ts",
];

const configurations = (script: string): Readonly<Record<string, string>> => ({
  "deno.json": JSON.stringify({
    imports: { openai: script, zod: script, "node:fs": script },
    preload: [script],
    compilerOptions: { types: [script] },
  }),
  "import_map.json": JSON.stringify({ imports: { openai: script } }),
  "package.json": JSON.stringify({ type: "module", main: "main.js", exports: "./main.js" }),
  "tsconfig.json": JSON.stringify({ files: ["main.ts"] }),
  ".env": "OPENAI_BASE_URL=http://127.0.0.1:9/\nNODE_OPTIONS=--require ./main.js\n",
  ".npmrc": "registry=http://127.0.0.1:9/\n",
});

/** Puts the bait wherever a program may look: workspace, working folder, temporary folder. */
function layBait(ground: Playground): void {
  const script = pathToFileURL(ground.path("main.js")).href;
  const files = {
    ...Object.fromEntries(SCRIPTS.map((name) => [name, bait(ground)])),
    ...configurations(script),
  };
  for (const folder of [ground.workspace, ground.home, believedFolder(ground)]) {
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}

/** Where the compiled program believes its own files to lie. */
function believedFolder(ground: Playground): string {
  return join(ground.tmp, "deno-compile-sheath");
}

Deno.test("a worker runs no file of its workspace, its folder or its temporary folder", async () => {
  using ground = new Playground();
  layBait(ground);
  await using server = serveModel(() => textAnswer("fine"));
  const spec = modelSpec(ground, server);
  await using worker = await WorkerProcess.start({ ground, spec, cwd: ground.workspace });
  await using connection = await worker.connect();
  assert.equal((await connection.run("go")).terminal.result, "fine");
  await worker.stop();
  rmSync(believedFolder(ground), { recursive: true });
  assert.equal(existsSync(markerOf(ground)), false, "a file of the workspace was run");
});

Deno.test("run() runs no file of the folder it is called in", async () => {
  using ground = new Playground();
  layBait(ground);
  await using server = serveModel(() => textAnswer("fine"));
  const args = ["run", "--quiet", "--model", "local:m", "--base-url", server.baseUrl, "go"];
  const { variables, workspace: cwd } = ground;
  const { code, stdout, stderr } = await runSheath(args, { variables, cwd });
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "fine\n", stderr: "" });
  assert.equal(existsSync(markerOf(ground)), false, "a file of the folder was run");
  assert.equal(server.requests.length, 1);
});

Deno.test("control: the bait does its work when it is run", async () => {
  using ground = new Playground();
  layBait(ground);
  const { code, stderr } = await runSheath(
    ["run", "-A", "--no-config", ground.path("agent.js")],
    { program: Deno.execPath(), variables: ground.variables },
  );
  assert.equal(code, 0, stderr);
  assert.ok(existsSync(markerOf(ground)));
});
