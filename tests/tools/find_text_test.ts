import { strict as assert } from "node:assert";
import fc from "fast-check";
import { placesOf } from "../../src/tools/find_text.ts";

Deno.test("placesOf() finds what the built-in search finds, overlaps included", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "\n"), maxLength: 40 });
  const needle = fc.string({ unit: fc.constantFrom("a", "b", "\n"), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(needle, letters, (wanted, text) => {
      assert.deepEqual(placesOf(wanted, text, Infinity), builtInPlaces(wanted, text));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("placesOf() stops at the limit", () => {
  assert.deepEqual(placesOf("aa", "a".repeat(100), 3), [0, 1, 2]);
});

Deno.test("placesOf() takes no longer than the lengths allow, whatever they hold", () => {
  const half = "a".repeat(32_768);
  const start = performance.now();
  // The built-in search takes more than a minute for this.
  assert.deepEqual(placesOf(`${half}b${half}`, "a".repeat(8_000_000), 50), []);
  assert.ok(performance.now() - start < 3000);
});

function builtInPlaces(needle: string, text: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) places.push(at);
  return places;
}
