import { strict as assert } from "node:assert";
import type { AttackCase } from "../../src/corpus/attack_case.ts";
import { lanesOf } from "../../src/corpus/lane.ts";

Deno.test("lanesOf() parts what is slow, what has variables of its own and what ends its worker", () => {
  const variables = () => ({});
  const one = (name: string, more: Partial<AttackCase> = {}): AttackCase => ({
    name,
    row: 1,
    layer: "deno",
    attack: () => [],
    ...more,
  });
  const lanes = lanesOf([
    one("a"),
    one("b", { alone: "runs" }),
    one("c", { variables }),
    one("d", { layer: "limits" }),
    one("e"),
    one("f", { variables }),
    one("g", { alone: "kill" }),
  ]);
  assert.deepEqual(lanes.map((lane) => lane.map(({ name }) => name)), [
    ["d"],
    ["a", "e"],
    ["c", "f"],
    ["b"],
    ["g"],
  ]);
});
