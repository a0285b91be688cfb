import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseConfig } from "../../src/cli/config_text.ts";
import { readConfiguredKey, readKey } from "../../src/cli/key_command.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { until } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";

const NEVER = new AbortController().signal;

function shell(script: string, limitMs = 20_000): Promise<string> {
  return readKey(["sh", "-c", script], { at: "config.yaml:3", signal: NEVER, limitMs });
}

Deno.test("readKey() takes the first line, without blanks around it", async (t) => {
  const cases = [
    ["printf sk-1", "sk-1"],
    ["printf ' sk-1\\t\\r\\nuser: me\\n'", "sk-1"],
    ["printf 'sk-1\\n'; sleep 0.05; printf 'more\\n'", "sk-1"],
    ["printf 's'; sleep 0.05; printf 'k-1'", "sk-1"],
    ["pwd", "/"],
    ["cat; echo sk-1", "sk-1"],
    [`printf '%0${16 * 1024}d' 7`, `${"0".repeat(16 * 1024 - 1)}7`],
  ] as const;
  for (const [script, key] of cases) {
    await t.step(script, async () => assert.equal(await shell(script), key));
  }
});

Deno.test("readKey() has the environment of the user", async () => {
  assert.equal(await shell('printf %s "$HOME"'), Deno.env.get("HOME"));
});

Deno.test("readKey() names the program and what it did, never what it printed", async (t) => {
  const cases = [
    ["echo sk-secret; exit 3", '"sh" ended with exit code 3'],
    ["echo sk-secret; kill -9 $$", '"sh" was ended by SIGKILL'],
    ["true", '"sh" printed no key in its first line'],
    ["printf '\\nsk-secret\\n'", '"sh" printed no key in its first line'],
    ["echo sk secret", '"sh" printed what is no key: expected visible ASCII'],
    ["printf 'sk-s\\303\\274cret'", '"sh" printed what is no key: expected visible ASCII'],
    [`printf '%0${16 * 1024 + 1}d' 7`, '"sh" printed more than 16 KiB'],
    ["while :; do echo sk-secret; done", '"sh" printed more than 16 KiB'],
  ] as const;
  for (const [script, what] of cases) {
    await t.step(script, async () => {
      const expected = { fault: "bad_input", message: `config.yaml:3: ${what}` };
      await assert.rejects(shell(script), expected);
    });
  }
  await t.step("a program that is not there", async () => {
    const command = readKey(["no-such-program"], { at: "c:1", signal: NEVER });
    await assert.rejects(command, { message: 'c:1: "no-such-program" is not there' });
  });
});

Deno.test("readKey() ends a command that takes too long, or is not wanted any more", async (t) => {
  await t.step("too long", async () => {
    const expected = { message: 'config.yaml:3: "sh" took longer than 0.2 s' };
    await assert.rejects(shell("exec sleep 60", 200), expected);
  });
  await t.step("not wanted", async () => {
    using ground = new Playground();
    const started = join(ground.root, "started");
    const ending = new AbortController();
    const key = readKey(["sh", "-c", `: > ${started}; exec sleep 60`], {
      at: "c:1",
      signal: ending.signal,
    });
    await until(() => existsSync(started) || undefined, { what: "start of the command" });
    ending.abort(new WorkerError("cancelled", "enough"));
    await assert.rejects(key, { fault: "cancelled", message: "enough" });
  });
  await t.step("not wanted from the start", async () => {
    const signal = AbortSignal.abort(new WorkerError("cancelled", "enough"));
    await assert.rejects(readKey(["sleep", "60"], { at: "c:1", signal }), { message: "enough" });
  });
});

Deno.test("readKey() does not wait for what a command leaves running", async () => {
  // Its child holds the pipe for longer than the limit.
  assert.equal(await shell("echo sk-1; sleep 4 2>/dev/null &", 3_500), "sk-1");
});

Deno.test("readConfiguredKey() runs the provider's command, and says where it stands", async () => {
  const text =
    "providers:\n  w: { key_command: printf '%s' sk-w }\n  x: { key_command: 'false' }\n";
  const options = { path: "/c.yaml", home: undefined };
  const config = parseConfig(new TextEncoder().encode(text), options);
  assert.equal(await readConfiguredKey(config, "w", NEVER), "sk-w");
  await assert.rejects(readConfiguredKey(config, "x", NEVER), {
    fault: "bad_input",
    message: '/c.yaml:3: providers.x.key_command: "false" ended with exit code 1',
  });
});
