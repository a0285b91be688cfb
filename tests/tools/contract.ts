// What every built-in tool must do, whatever it is for.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { WorkerError } from "../../src/core/errors.ts";
import { toolSchemas } from "../../src/tools/schemas.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { ToolDesk } from "./desk.ts";
import { ToolWorld } from "./tool_world.ts";

const REFERENCE: readonly { name: string; parameters: unknown }[] = JSON.parse(
  readFileSync(new URL("../fixtures/wire/tools.json", import.meta.url), "utf8"),
);

/** The reference offers it in its hosts only, of which there is no sample. */
const OF_HOSTS = [{
  name: "compact_context",
  parameters: {
    type: "object",
    properties: { instructions: { type: "string" } },
    additionalProperties: false,
  },
}];

/** `sample` are arguments that are right, but need not succeed. */
export function testTool(tool: Tool, sample: Readonly<Record<string, unknown>>): void {
  Deno.test(`${tool.name} has the reference's parameters`, () => {
    const reference = [...REFERENCE, ...OF_HOSTS].find(({ name }) => name === tool.name);
    assert.ok(reference, "not a tool of the reference");
    const schema = toolSchemas([]).find((one) => one.function.name === tool.name);
    assert.deepEqual(withoutDescriptions(schema?.function.parameters), reference.parameters);
  });

  Deno.test(`${tool.name} is described, with each of its parameters`, () => {
    const schema = toolSchemas([]).find((one) => one.function.name === tool.name);
    const parameters = JSON.parse(JSON.stringify(schema?.function.parameters));
    const texts = Object.values<{ description?: string }>(parameters.properties)
      .map(({ description }) => description ?? "");
    assert.ok(tool.description.length > 40);
    assert.ok(texts.length > 0 && texts.every((text) => text.length > 10), texts.join("\n"));
  });

  Deno.test(`${tool.name}.prepare() is pure`, () => {
    const frozen = Object.freeze({ ...sample });
    assert.deepEqual(tool.prepare(frozen), tool.prepare(frozen));
  });

  Deno.test(`${tool.name}.prepare() names the key of an argument of a wrong type`, () => {
    for (const [key, value] of Object.entries(sample)) {
      const wrong = typeof value === "string" ? 3 : "three";
      assert.throws(() => tool.prepare({ ...sample, [key]: wrong }), (thrown) => {
        assert.ok(thrown instanceof WorkerError && thrown.fault === "bad_input");
        assert.match(thrown.message, new RegExp(`^${key}: expected .*, got "?(3|three)"?`));
        return true;
      });
    }
  });

  Deno.test(`${tool.name}.prepare() ignores unknown arguments and takes null for none`, () => {
    const more = { ...sample, toString: null, constructor: 3, unheard_of: { of: 1 } };
    assert.deepEqual(tool.prepare(more), tool.prepare(sample));
  });

  Deno.test(`${tool.name}.perform() rejects with the reason when aborted before`, async () => {
    await using place = new ToolWorld();
    await using desk = new ToolDesk();
    const reason = new Error("stop");
    const aborted = perform(tool, sample, { place, desk }, AbortSignal.abort(reason));
    await assert.rejects(aborted, (thrown) => thrown === reason);
  });

  Deno.test(`${tool.name} throws nothing but WorkerErrors on junk`, async () => {
    await using place = new ToolWorld({ "a.txt": "one\ntwo\n", "b/c.ts": "const x = 1;\n" });
    await using desk = new ToolDesk();
    const signal = AbortSignal.timeout(20_000);
    const keys = fc.constantFrom(...Object.keys(tool.input.shape), "__proto__", "toString");
    const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), fc.constantFrom(...PATHS));
    const value = fc.oneof(text, fc.integer({ min: -3, max: 9 }), fc.boolean(), fc.anything());
    const small = fc.constantFrom(0, 0.001);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, value), small, async (args, seconds) => {
        const junk = { ...args, ...("seconds" in args ? { seconds } : {}) };
        await onlyWorkerErrors(() => Promise.resolve(tool.prepare(junk)));
        await onlyWorkerErrors(() => perform(tool, junk, { place, desk }, signal));
      }),
      { numRuns: 300 },
    );
  });
}

const PATHS = [
  ".",
  "..",
  "/",
  "a.txt",
  "b",
  "b/c.ts",
  "a.txt/x",
  "/etc/passwd",
  "\0",
  "~",
  "*",
  "**/*",
];

function perform(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  { place, desk }: { readonly place: ToolWorld; readonly desk: ToolDesk },
  signal: AbortSignal,
): Promise<unknown> {
  return tool.runs === "agent" ? desk.call(tool, args, signal) : place.call(tool, args, signal);
}

async function onlyWorkerErrors(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    assert.ok(thrown instanceof WorkerError, String(thrown));
    assert.ok(thrown.fault === "bad_input" || thrown.fault === "refused", thrown.message);
    assert.doesNotMatch(thrown.message, /\n|\.$/);
  }
}

function withoutDescriptions(schema: unknown): unknown {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    return key === "description" && typeof value === "string" ? undefined : value;
  });
}
