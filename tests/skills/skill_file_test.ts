import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseSkillFile } from "../../src/skills/skill_file.ts";
import { skillText } from "./skill_text.ts";

function parsed(text: string, id = "pdf") {
  return parseSkillFile(new TextEncoder().encode(text), id);
}

const HEADER = {
  id: "pdf",
  name: "pdf",
  description: "Helps.",
  license: undefined,
  compatibility: undefined,
  allowedTools: [],
};

Deno.test("parseSkillFile() reads all that a front matter may say", () => {
  const lines = [
    "license: MIT",
    "compatibility: Needs qpdf",
    "argument-hint: FILE",
    "allowed-tools: [Read, 'Bash(git add:*)']",
    "metadata: { author: me, version: '1.0', deep: { a: 1 } }",
  ];
  assert.deepEqual(parsed(skillText("docs:pdf", lines, "# Title\n\n---\nmore")), {
    type: "skill",
    header: {
      ...HEADER,
      name: "docs:pdf",
      license: "MIT",
      compatibility: "Needs qpdf",
      allowedTools: ["Read", "Bash(git add:*)"],
    },
    instructions: "# Title\n\n---\nmore",
  });
});

Deno.test("parseSkillFile() reads other spellings of the same", async (t) => {
  const plain = { type: "skill", header: HEADER, instructions: "Do it." };
  const cases: [string, string][] = [
    ["plain", skillText("pdf")],
    ["CRLF", skillText("pdf").replaceAll("\n", "\r\n")],
    ["a byte order mark", `\u{feff}${skillText("pdf")}`],
    ["blanks after the hyphens", skillText("pdf").replaceAll("---", "--- \t")],
    ["quotes and a folded text", '---\nname: "pdf"\ndescription: >-\n  Helps.\n---\nDo it.'],
  ];
  for (const [name, text] of cases) {
    await t.step(name, () => assert.deepEqual(parsed(text), plain));
  }
  const tools = parsed(skillText("pdf", ["allowed-tools: Bash(git add:*) Read,Grep"]));
  assert.deepEqual(tools.type === "skill" && tools.header.allowedTools, [
    "Bash(git add:*)",
    "Read",
    "Grep",
  ]);
  const empty = parsed("---\nname: pdf\ndescription: Helps.\n---");
  assert.deepEqual(empty, { ...plain, instructions: "" });
});

Deno.test("parseSkillFile() says what is wrong", async (t) => {
  const name = 'name: expected "pdf" or "namespace:pdf", as its folder is called';
  const bomb = ["metadata:", "  a: &a [x, x]", "  b: &b [*a, *a]", "  c: [*b, *b]"];
  const cases: [string, string, string | RegExp][] = [
    ["no front matter", "# Title", "expected front matter: a first line of ---"],
    ["empty", "", "expected front matter: a first line of ---"],
    ["not closed", "---\nname: pdf\n", /^expected front matter to end with --- within 16384/],
    ["long", skillText("pdf", [`license: ${"x".repeat(17_000)}`]), /within 16384 characters$/],
    ["no YAML", "---\nname: [\n---\n", /^front matter: not YAML: /],
    ["no mapping", "---\n- a\n---\n", "front matter: expected a mapping"],
    ["nothing", "---\n---\n", "front matter: expected a mapping"],
    ["a bomb", skillText("pdf", bomb), "front matter: aliases are not read here"],
    ["depth", `---\na: ${"[".repeat(9000)}\n---\n`, /^front matter: /],
    ["a tag", skillText("pdf", ["license: !!js/function x"]), /^front matter: not YAML: /],
    ["twice", skillText("pdf", ["name: pdf"]), /^front matter: not YAML: /],
    ["two documents", "---\nname: pdf\n...\n--- x\na: b\n---\n", /^front matter: not YAML: /],
    ["a key of others", skillText("pdf", ["hooks: {}"]), /^unknown key "hooks", expected name, /],
    ["__proto__", skillText("pdf", ["__proto__: {}"]), /^unknown key "__proto__", expected name, /],
    ["another name", skillText("doc"), name],
    ["no name", "---\ndescription: x\n---\n", name],
    ["a number", skillText("7"), "name: expected a text"],
    ["two namespaces", skillText('"a:b:pdf"'), name],
    ["a namespace of its own", skillText('"A:pdf"'), name],
    ["a long name", skillText(`${"n".repeat(130)}:pdf`), /^name: expected at most 128 characters/],
    ["no description", "---\nname: pdf\n---\n", "description: missing"],
    ["a blank one", "---\nname: pdf\ndescription: ' '\n---\n", "description: expected some text"],
    ["null", "---\nname: pdf\ndescription:\n---\n", "description: expected a text"],
    ["a tag in it", "---\nname: pdf\ndescription: <b>\n---\n", "description: expected no < or >"],
    [
      "a long one",
      `---\nname: pdf\ndescription: ${"x".repeat(1025)}\n---\n`,
      "description: expected at most 1024 characters, got 1025",
    ],
    [
      "long compatibility",
      skillText("pdf", [`compatibility: ${"x".repeat(501)}`]),
      "compatibility: expected at most 500 characters, got 501",
    ],
    ["metadata", skillText("pdf", ["metadata: x"]), "metadata: expected a mapping"],
    ["tools", skillText("pdf", ["allowed-tools: {}"]), "allowed-tools: expected a list of names"],
    ["a tool", skillText("pdf", ["allowed-tools: [1]"]), "allowed-tools: expected a text"],
    [
      "many tools",
      skillText("pdf", [`allowed-tools: ${"x ".repeat(65)}`]),
      "allowed-tools: expected at most 64 names, got 65",
    ],
  ];
  for (const [what, text, why] of cases) {
    await t.step(what, () => {
      const file = parsed(text);
      assert.ok(file.type === "bad", "it was read");
      if (typeof why === "string") assert.equal(file.why, why);
      else assert.match(file.why, why);
      assert.doesNotMatch(file.why, /\n/);
    });
  }
  for (const id of ["PDF", "a--b", "-a", "a_b", "é", ""]) {
    assert.match(
      JSON.stringify(parsed(skillText(id), id)),
      /its folder is not named in lower-case/,
    );
  }
  const file = parseSkillFile(new Uint8Array([0x2d, 0xff]), "pdf");
  assert.deepEqual(file, { type: "bad", why: "not UTF-8" });
});

Deno.test("parseSkillFile() takes every cut of a file for bad, or for a shorter one", () => {
  const text = skillText("docs:pdf", ["license: MIT"], "Do é.");
  const bytes = new TextEncoder().encode(text);
  const end = text.indexOf("---", 4) + 3;
  for (let length = 0; length <= bytes.length; length++) {
    const file = parseSkillFile(bytes.subarray(0, length), "pdf");
    if (length < end) assert.equal(file.type, "bad");
    else if (file.type === "skill") assert.ok("Do é.".startsWith(file.instructions));
    else assert.equal(file.why, "not UTF-8");
  }
});

Deno.test("parseSkillFile() throws on nothing", () => {
  const word = fc.constantFrom(
    "---",
    "\n",
    "name: pdf",
    "description: x",
    "&a",
    "*a",
    "[",
    "{",
    ": ",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string())), (words) => {
      const { type } = parsed(`---\n${words.join("")}`);
      assert.ok(type === "skill" || type === "bad");
    }),
    { numRuns: 500 },
  );
});
