import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { messageOf } from "../../src/core/errors.ts";
import { globTool } from "../../src/tools/glob.ts";
import { grepTool } from "../../src/tools/grep.ts";
import { readTool } from "../../src/tools/read.ts";
import type { HandsTool } from "../../src/tools/tool.ts";
import { writeTool } from "../../src/tools/write.ts";
import { ToolWorld } from "./tool_world.ts";

const SWAPPER = fileURLToPath(new URL("swapper.ts", import.meta.url));
const ATTEMPTS = 1500;

Deno.test("Read and Grep never show what a swapped link leads to", async () => {
  await using place = new ToolWorld({ "name/f": "inside", "../outside/f": "outside" });
  await using _swapping = startSwapping(place);
  const seen = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    seen.add(await outcome(place, readTool, { file_path: "name/f" }));
    seen.add(
      await outcome(place, grepTool, { pattern: ".", path: "name/f", output_mode: "content" }),
    );
  }
  const texts = [...seen];
  assert.ok(texts.some((text) => text.includes("inside")), "never read");
  assert.ok(texts.some((text) => text.startsWith("Cannot")), "never swapped");
  assert.deepEqual(texts.filter((text) => /\boutside$/m.test(text)), []);
});

Deno.test("Grep and Glob of a folder never show what a swapped link leads to", async () => {
  await using place = new ToolWorld({ "name/f": "inside", "../outside/f": "outside" });
  place.put("../outside/only_outside", "outside");
  await using _swapping = startSwapping(place);
  const seen = new Set<string>();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    seen.add(
      await outcome(place, grepTool, { pattern: ".", path: ".", output_mode: "content" }),
    );
    seen.add(await outcome(place, globTool, { pattern: "**/*" }));
  }
  const texts = [...seen];
  assert.ok(texts.some((text) => text.includes("inside")), "never read");
  assert.ok(texts.includes("No matches found"), "never swapped");
  assert.deepEqual(texts.filter((text) => /outside$/m.test(text)), []);
});

Deno.test("Write never changes a file that a swapped link leads to", async () => {
  await using place = new ToolWorld({ "name/f": "inside", "../outside/f": "outside" });
  await using _swapping = startSwapping(place);
  let written = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    await outcome(place, readTool, { file_path: "name/f" });
    const text = await outcome(place, writeTool, { file_path: "name/f", content: `${attempt}` });
    if (!text.startsWith("Cannot")) written++;
  }
  assert.ok(written > 0 && written < ATTEMPTS, `${written} written`);
  assert.equal(readFileSync(place.path("../outside/f"), "utf8"), "outside");
});

function startSwapping(place: ToolWorld): AsyncDisposable {
  place.link("name.link", "../outside");
  const args = ["run", "--no-check", "--no-lock", "--allow-read", "--allow-write", SWAPPER];
  const child = spawn(Deno.execPath(), [...args, place.path(".")], { stdio: "ignore" });
  const ended = once(child, "exit");
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function outcome(
  place: ToolWorld,
  tool: HandsTool,
  args: Record<string, unknown>,
): Promise<string> {
  try {
    return (await place.call(tool, args)).result;
  } catch (thrown) {
    return messageOf(thrown);
  }
}
