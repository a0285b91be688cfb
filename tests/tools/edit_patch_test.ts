import { strict as assert } from "node:assert";
import { applyPatch, parsePatch } from "../../src/tools/edit_patch.ts";

const PATCH = `<<<<<<< SEARCH
one
  two
=======
1
>>>>>>> REPLACE

<<<<<<< SEARCH
gone
=======
>>>>>>> REPLACE
`;
const BLOCKS = [{ search: "one\n  two\n", replace: "1\n" }, { search: "gone\n", replace: "" }];
const SHAPE = "; expected blocks of <<<<<<< SEARCH, the old lines, =======, the new lines, \
>>>>>>> REPLACE, each on its own line";

Deno.test("parsePatch() reads blocks, whatever the line ends", () => {
  assert.deepEqual(parsePatch(PATCH), BLOCKS);
  assert.deepEqual(parsePatch(PATCH.replaceAll("\n", "\r\n")), BLOCKS);
  assert.deepEqual(parsePatch(PATCH.trimEnd()), BLOCKS);
});

Deno.test("parsePatch() refuses every cut but those between blocks", () => {
  const first = PATCH.indexOf("REPLACE") + "REPLACE".length;
  const whole = PATCH.trimEnd().length;
  for (let length = 0; length < PATCH.length; length++) {
    const cut = PATCH.slice(0, length);
    const blocks = length >= whole
      ? BLOCKS
      : length >= first && length <= first + 2
      ? [BLOCKS[0]]
      : undefined;
    if (blocks) assert.deepEqual(parsePatch(cut), blocks);
    else assert.throws(() => parsePatch(cut), { name: "WorkerError", fault: "bad_input" }, cut);
  }
});

Deno.test("parsePatch() says what is wrong", () => {
  const block = (search: string, replace = "") =>
    `<<<<<<< SEARCH\n${search}=======\n${replace}>>>>>>> REPLACE\n`;
  const table: readonly (readonly [patch: string, problem: string])[] = [
    ["", "there is no block in it"],
    ["text", "line 1 is outside a block"],
    [`${block("a\n")}text\n`, "line 5 is outside a block"],
    ["<<<<<<< SEARCH\na\n=======\n", "the block on line 1 is not complete"],
    ["<<<<<<< SEARCH\na\n>>>>>>> REPLACE\n", "the block on line 1 is not complete"],
    [block(""), "block 1 searches for nothing"],
    [block(" \n\n"), "block 1 searches for nothing"],
    [block("a\n").repeat(129), "it has 129 blocks, expected at most 128"],
    [block(`${"a".repeat(65_536)}\n`), "block 1 is 65537 bytes, expected at most 65536"],
    ["ü".repeat(131_073), "it is 262146 bytes, expected at most 262144"],
  ];
  for (const [patch, problem] of table) {
    const message = `patch: ${problem}${SHAPE}`;
    assert.throws(() => parsePatch(patch), { fault: "bad_input", message });
  }
});

Deno.test("applyPatch() applies blocks in order, each on what the one before made", () => {
  const edited = applyPatch("one\n  two\nkept\ngone\nend\n", BLOCKS);
  assert.deepEqual(edited, {
    text: "1\nkept\nend\n",
    replacements: 2,
    changedBytes: 17,
    touchedLines: 3,
  });
  const chain = [{ search: "a\n", replace: "b\n" }, { search: "b\n", replace: "c\n" }];
  assert.equal(applyPatch("a\n", chain).text, "c\n");
});

Deno.test("applyPatch() finds the last line without its line end", () => {
  const block = { search: "end\n", replace: "END\n" };
  assert.equal(applyPatch("a\nend", [block]).text, "a\nEND");
  assert.equal(applyPatch("a\r\nend", [block]).text, "a\r\nEND");
  assert.equal(applyPatch("a\r\nend\r\n", [block]).text, "a\r\nEND\r\n");
  assert.equal(applyPatch("end\nx", [block]).text, "END\nx");
});

Deno.test("applyPatch() names the block that does not fit", () => {
  const blocks = [{ search: "a\n", replace: "" }, { search: "x\n", replace: "" }];
  assert.throws(() => applyPatch("a\nb\n", blocks), (thrown: Error) => {
    assert.match(thrown.message, /^patch: block 2: old_string: not found/);
    return true;
  });
  assert.throws(() => applyPatch("a\na\n", blocks), /patch: block 1: old_string: found 2 times/);
});
