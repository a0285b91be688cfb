import { strict as assert } from "node:assert";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { GuidanceFiles } from "../../src/tools/guidance_files.ts";
import { ToolWorld } from "./tool_world.ts";

const NEVER = new AbortController().signal;

function told(world: ToolWorld): (...names: readonly string[]) => Promise<string[]> {
  const guidance = new GuidanceFiles(world.world.roots);
  return async (...names) => {
    const paths = names.map((name) => world.path(name));
    const texts = await guidance.onTheWayTo(paths, NEVER);
    return texts.map(({ path, text }) => `${path.replace(`${world.path("")}/`, "")}: ${text}`);
  };
}

Deno.test("GuidanceFiles tells the files from the root down to a path, each once", async () => {
  await using world = new ToolWorld({
    "AGENTS.md": "root",
    "a/b/AGENTS.md": "deep",
    "a/CLAUDE.md": "middle",
    "a/GEMINI.md": "not this one",
    "c/GEMINI.md": "aside",
  });
  const tell = told(world);
  assert.deepEqual(await tell(""), ["AGENTS.md: root"]);
  assert.deepEqual(await tell("a/b/file.ts"), ["a/CLAUDE.md: middle", "a/b/AGENTS.md: deep"]);
  assert.deepEqual(await tell("a/b/other.ts", "a", ""), []);
  assert.deepEqual(await tell("c"), ["c/GEMINI.md: aside"]);
});

Deno.test("GuidanceFiles looks at nothing outside of the roots, nor through a link out", async () => {
  await using world = new ToolWorld({ "in/file": "" });
  await using elsewhere = new ToolWorld({ "AGENTS.md": "stolen" });
  symlinkSync(elsewhere.path("AGENTS.md"), world.path("in/AGENTS.md"));
  const guidance = new GuidanceFiles(world.world.roots);
  const paths = [world.path("in/file"), elsewhere.path("x"), "/etc/passwd", "/"];
  assert.deepEqual(await guidance.onTheWayTo(paths, NEVER), []);
});

Deno.test("GuidanceFiles leaves out what is no text, and cuts what is too long", async () => {
  await using world = new ToolWorld({
    "bin/AGENTS.md": "a\0b",
    "empty/AGENTS.md": " \n",
    "long/AGENTS.md": "x".repeat(40_000),
  });
  mkdirSync(world.path("folder/AGENTS.md"), { recursive: true });
  writeFileSync(world.path("folder/CLAUDE.md"), "second");
  const tell = told(world);
  assert.deepEqual(await tell("bin", "empty"), []);
  assert.deepEqual(await tell("folder"), ["folder/CLAUDE.md: second"]);
  const [long] = await tell("long");
  assert.equal(long?.length, "long/AGENTS.md: ".length + 32 * 1024);
});

Deno.test("GuidanceFiles tells at most 96 KiB in all", async () => {
  const names = ["a", "b", "c", "d"];
  await using world = new ToolWorld(
    Object.fromEntries(names.map((name) => [`${name}/AGENTS.md`, "x".repeat(32 * 1024)])),
  );
  const texts = await told(world)(...names);
  assert.equal(texts.length, 3);
});
