import { strict as assert } from "node:assert";
import fc from "fast-check";
import { loadShellParser } from "./shell_parser.ts";
import { ASKED, SAFE, WARNED } from "./shell_lines.ts";

const parser = await loadShellParser();

for (const line of SAFE) {
  Deno.test(`analyse() finds nothing in ${JSON.stringify(line)}`, () => {
    const { type, reasons } = parser.analyse(line);
    assert.deepEqual({ type, reasons }, { type: "safe", reasons: [] });
  });
}

for (const line of WARNED) {
  Deno.test(`analyse() warns of ${JSON.stringify(line)}`, () => {
    const { type, reasons } = parser.analyse(line);
    assert.equal(type, "warned");
    assert.notEqual(reasons.length, 0);
  });
}

for (const [line, because] of ASKED) {
  Deno.test(`analyse() has ${JSON.stringify(line)} asked about`, () => {
    const { type, reasons } = parser.analyse(line);
    assert.equal(type, "ask");
    assert.ok(reasons.join("; ").includes(because), reasons.join("; "));
  });
}

const DELETING: readonly (readonly [line: string, deletes: boolean])[] = [
  ["rm old.txt", true],
  ["rm -rf node_modules dist", true],
  ["rm -rf ~/work/dist", true],
  ['rm -rf "$HOME"/work/dist', true],
  ["rm -rf ./build/* {a,b}", true],
  ["rmdir a", true],
  ["unlink a", true],
  ["shred a", true],
  ["find . -name x -delete", true],
  ["find . -name node_modules -exec rm -rf {} +", true],
  ["git clean -fdx", true],
  ["git rm a", true],
  ["ls | xargs -0 rm", true],
  ["sh -c 'rm a'", true],
  ["command rm x", true],
  ['rm "unterminated', true],
  ["forward", false],
  ["echo rm", false],
  ["git log --grep=rm", false],
  ["find . -name rm", false],
  ["npm run clean", false],
];
for (const [line, deletes] of DELETING) {
  Deno.test(`analyse() says ${deletes} to whether ${JSON.stringify(line)} deletes`, () => {
    assert.equal(parser.analyse(line).deletes, deletes);
  });
}

const PROGRAMS: readonly (readonly [line: string, programs: readonly string[]])[] = [
  ["A=1 ls -la", ["ls"]],
  ["/bin/cat a | ./b.sh && c &", ["/bin/cat", "./b.sh", "c"]],
  ["if a; then $(b); fi", ["a", "b"]],
  ["nohup timeout 5 env A=b c d", ["nohup", "timeout", "env", "c"]],
  ["sh -c 'a; bash -c \"b | c\"'", ["sh", "a", "bash", "b", "c"]],
  ["find . -exec a {} + -o -ok b \\;", ["find", "a", "b"]],
  ["a <(b) <<E && c\n$(d)\nE", ["a", "b", "c", "d"]],
  ['x=`a` y=("$(b)") c "${z:-$(d)}"', ["c", "a", "b", "d"]],
  ["fd x -x a {}", ["fd", "a"]],
  ["git bisect run a b", ["git", "a"]],
];
for (const [line, programs] of PROGRAMS) {
  Deno.test(`analyse() names every program of ${JSON.stringify(line)}`, () => {
    assert.deepEqual([...parser.analyse(line).programs].sort(), [...programs].sort());
  });
}

const EVERYDAY: readonly (readonly [line: string, everyday: boolean])[] = [
  ["mkdir -p a && touch a/b && cp a/b c && mv c d", true],
  ["ls; cat a; echo b > c; pwd; chmod +x a; chown me a", true],
  ["git add . && git commit -m 'x'", true],
  ["npm run build", true],
  ["cargo test", true],
  ["/usr/bin/cat a", true],
  ["./cat a", false],
  ["git push", false],
  ["git clean -fdx", false],
  ["git reset --hard", false],
  ["mkdir a && rm b", false],
  ["mkdir $(cat a)", false],
  ["echo x > /etc/passwd", false],
  ["ls | grep a", false],
  ["", false],
];
for (const [line, everyday] of EVERYDAY) {
  Deno.test(`analyse() says ${everyday} to whether ${JSON.stringify(line)} is everyday`, () => {
    assert.equal(parser.analyse(line).everyday, everyday);
  });
}

const TOO_MUCH: Readonly<Record<string, string>> = {
  "too long": `echo ${"a".repeat(70_000)}`,
  "too many words": `ls ${"a ".repeat(3_000)}`,
  "too many nodes": `${"a\n".repeat(25_000)}`,
  "too many operators": "a|".repeat(30_000),
  "too deep": `${"(".repeat(300)}ls${")".repeat(300)}`,
  "a long chain": Array(500).fill("ls").join(" && "),
  "texts in texts": nestedText(8),
  "slow to read": "a=(".repeat(2_900),
};
for (const [name, line] of Object.entries(TOO_MUCH)) {
  Deno.test(`analyse() has a line asked about that is ${name}, and the next is read as ever`, () => {
    const { type, reasons } = parser.analyse(line);
    assert.equal(type, "ask");
    assert.ok(reasons.some((reason) => reason.startsWith("not understood: ")), reasons.join("; "));
    assert.equal(parser.analyse("ls").type, "safe");
  });
}

function nestedText(depth: number): string {
  return depth === 0 ? "ls" : `env -S ${JSON.stringify(nestedText(depth - 1))}`;
}

const pieces = fc.constantFrom(
  ...["sudo", "ls", " ", " ", "\n", ";", "|", "&&", "&", "$(", ")", "(", "`", "'", '"', "\\", "$x"],
  ...[
    "${",
    "}",
    "{",
    "<<E",
    "E\n",
    "<",
    ">",
    "[[ ",
    " ]]",
    "if ",
    "then ",
    "fi",
    "for x in ",
    "do ",
  ],
  ...["done", "case ", " in ", "esac", "!", "#", "$((", "))", "x=", "\\\n", "\0", "~", "*", "-c "],
);

Deno.test("analyse() never throws, and always comes to a verdict", () => {
  const shellLike = fc.array(pieces, { maxLength: 24 }).map((parts) => parts.join(""));
  const anything = fc.oneof(fc.string({ unit: "binary" }), fc.string(), shellLike, shellLike);
  fc.assert(
    fc.property(anything, (line) => {
      const { type, reasons } = parser.analyse(line);
      assert.ok(type === "safe" ? reasons.length === 0 : reasons.length > 0);
    }),
    { numRuns: 500 },
  );
});

Deno.test("analyse() finds sudo under every quoting, and behind every ordinary command", () => {
  const name = fc.array(fc.constantFrom("plain", "single", "double", "escaped"), {
    minLength: 4,
    maxLength: 4,
  }).map((ways) => ways.map((way, index) => quoted("sudo".charAt(index), way)).join(""));
  const before = fc.constantFrom("", "ls; ", "ls | ", "A=b ", "! ", "time ", "nice -n 5 ", "ls\n");
  const after = fc.constantFrom("", " ls", " > f", "; ls", " | cat", " && ls", " &");
  fc.assert(
    fc.property(before, name, after, (...parts) => {
      assert.equal(parser.analyse(parts.join("")).type, "ask");
    }),
    { numRuns: 300 },
  );
});

function quoted(letter: string, way: "plain" | "single" | "double" | "escaped"): string {
  switch (way) {
    case "plain":
      return letter;
    case "single":
      return `'${letter}'`;
    case "double":
      return `"${letter}"`;
    case "escaped":
      return `\\${letter}`;
  }
}
