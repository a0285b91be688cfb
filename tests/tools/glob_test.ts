import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, utimesSync } from "node:fs";
import { globTool } from "../../src/tools/glob.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("Glob lists files with absolute paths, the newest first", async () => {
  await using place = new ToolWorld({
    "a.ts": "",
    "src/b.ts": "",
    "src/deep/c.ts": "",
    "d.js": "",
  });
  for (const [index, name] of ["src/b.ts", "a.ts", "src/deep/c.ts"].entries()) {
    utimesSync(place.path(name), 1000 - index, 1000 - index);
  }
  assert.deepEqual(await place.call(globTool, { pattern: "**/*.ts" }), {
    success: true,
    result: [place.path("src/b.ts"), place.path("a.ts"), place.path("src/deep/c.ts")].join("\n"),
    display_preference: "Collapsible",
  });
});

Deno.test("Glob starts where path or the start of the pattern says", async () => {
  await using place = new ToolWorld({
    "a.ts": "",
    "src/b.ts": "",
    "src/x/c.ts": "",
    "../granted/g.ts": "",
  });
  const table: readonly (readonly [args: Record<string, unknown>, found: readonly string[]])[] = [
    [{ pattern: "*.ts" }, ["a.ts"]],
    [{ pattern: "src/*.ts" }, ["src/b.ts"]],
    [{ pattern: "./src/../src/x/*" }, ["src/x/c.ts"]],
    [{ pattern: "*.ts", path: "src" }, ["src/b.ts"]],
    [{ pattern: "x/c.ts", path: place.path("src") }, ["src/x/c.ts"]],
    [{ pattern: `${place.path("src")}/**/c.ts` }, ["src/x/c.ts"]],
    [{ pattern: "../granted/*.ts" }, ["../granted/g.ts"]],
  ];
  for (const [args, found] of table) {
    const paths = found.map((name) => place.path(name));
    assert.equal(await place.text(globTool, args), paths.join("\n"), JSON.stringify(args));
  }
});

Deno.test("Glob skips other people's folders unless asked for them, and links always", async () => {
  await using place = new ToolWorld({
    "node_modules/m/index.ts": "",
    ".git/x.ts": "",
    "dist/d.ts": "",
    ".github/g.ts": "",
    "../outside/secret.ts": "",
  });
  place.link("out", "../outside");
  place.link("link.ts", "../outside/secret.ts");
  place.link("self", ".");
  assert.equal(await place.text(globTool, { pattern: "**/*.ts" }), place.path(".github/g.ts"));
  assert.equal(await place.text(globTool, { pattern: "dist/*" }), place.path("dist/d.ts"));
  assert.equal(
    await place.text(globTool, { pattern: "**", path: "node_modules" }),
    place.path("node_modules/m/index.ts"),
  );
  assert.equal(await place.text(globTool, { pattern: "**/*.rs" }), "No files found");
});

Deno.test("Glob refuses folders outside, by path, pattern or link", async () => {
  await using place = new ToolWorld({ "../outside/secret.ts": "", "a.ts": "" });
  place.link("out", "../outside");
  for (
    const args of [
      { pattern: "*", path: ".." },
      { pattern: "../*" },
      { pattern: "../outside/*" },
      { pattern: "/etc/*" },
      { pattern: "out/*" },
      { pattern: "*", path: "out" },
    ]
  ) {
    assert.match(
      await place.refusal(globTool, args),
      /^refused: Cannot read .*outside the granted folders/,
    );
  }
  assert.equal(await place.text(globTool, { pattern: "*/../../outside/*" }), "No files found");
  const file = await place.refusal(globTool, { pattern: "*", path: "a.ts" });
  assert.equal(file, 'refused: Cannot search "/workspace/a.ts": it is not a folder');
});

Deno.test("Glob lists 100 files, at most 200, and says how many there are", async () => {
  await using place = new ToolWorld();
  for (let index = 0; index < 250; index++) place.put(`f${index}`, "");
  const table: readonly (readonly [limit: number | undefined, shown: number])[] = [
    [undefined, 100],
    [3, 3],
    [1000, 200],
  ];
  for (const [limit, shown] of table) {
    const lines = (await place.text(globTool, { pattern: "*", limit })).split("\n");
    assert.equal(lines.length, shown + 1);
    const note = `[TRUNCATED] Showing the newest ${shown} of 250 files; narrow the pattern`;
    assert.equal(lines.at(-1), note);
  }
});

Deno.test("Glob looks at 50000 files and then says that it is not all", async () => {
  await using place = new ToolWorld();
  mkdirSync(place.path("d"));
  execFileSync("sh", ["-c", "seq 50010 | xargs touch"], { cwd: place.path("d") });
  place.put("d/0.ts", "");
  place.put("e/last.ts", "");
  assert.equal(
    await place.text(globTool, { pattern: "**/*.ts" }),
    `${
      place.path("d/0.ts")
    }\n[PARTIAL] Only a part of the folder was looked at; search a smaller one`,
  );
  assert.equal(
    await place.refusal(globTool, { pattern: "**/*.rs" }),
    "refused: Search scope too broad. Search in a smaller folder (path) or start the pattern with folder names",
  );
  assert.equal(await place.text(globTool, { pattern: "e/*.ts" }), place.path("e/last.ts"));
  const controller = new AbortController();
  const searching = place.call(globTool, { pattern: "**/*.ts" }, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await assert.rejects(searching, (thrown) => thrown === reason);
});

Deno.test("Glob.prepare() refuses huge braces", () => {
  const pattern = "{a,b}".repeat(100);
  assert.throws(() => globTool.prepare({ pattern }), { name: "WorkerError", fault: "bad_input" });
});

Deno.test("Glob leaves out what .gitignore files name, unless it is asked for", async () => {
  await using place = new ToolWorld({
    ".gitignore": "*.log\n/out/\n!keep.log\n",
    "a.log": "",
    "keep.log": "",
    "out/o.ts": "",
    "src/.gitignore": "gen/\n!b.log\n",
    "src/b.log": "",
    "src/gen/g.ts": "",
    "src/s.ts": "",
  });
  const table: readonly (readonly [args: Record<string, unknown>, names: readonly string[]])[] = [
    [{ pattern: "**/*.{log,ts}" }, ["keep.log", "src/b.log", "src/s.ts"]],
    [{ pattern: "a.log" }, ["a.log"]],
    [{ pattern: "out/*" }, ["out/o.ts"]],
    [{ pattern: "**", path: "src/gen" }, ["src/gen/g.ts"]],
    [{ pattern: "*.log", path: "src" }, ["src/b.log"]],
  ];
  for (const [args, names] of table) {
    const found = (await place.text(globTool, args)).split("\n").sort();
    assert.deepEqual(found, names.map((name) => place.path(name)), JSON.stringify(args));
  }
});
