import { strict as assert } from "node:assert";

/** Who may import whom. This table is the architecture. Everyone may also import base/. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  base: [],
  core: [],
  protocol: ["core"],
  permissions: ["core"],
  providers: ["core"],
  tools: ["core"],
  links: ["core", "protocol"],
  fabric: ["core", "protocol"],
  grants: ["core", "protocol", "providers"],
  gateway: ["core", "grants"],
  sandbox: ["core", "grants"],
  agent: ["core", "providers", "tools", "permissions"],
  executors: ["core"],
  serving: ["core", "protocol", "links", "executors"],
  compartments: [
    "core",
    "protocol",
    "grants",
    "sandbox",
    "gateway",
    "agent",
    "providers",
    "tools",
    "fabric",
    "links",
    "serving",
    "executors",
    "keeper",
    "permissions",
    "audit",
    "skills",
  ],
  keeper: ["core", "grants", "tools", "sandbox"],
  audit: ["core"],
  skills: ["core", "tools"],
  host: ["core", "protocol", "fabric", "links"],
  corpus: ["core", "protocol", "grants", "sandbox", "host", "fabric", "links"],
};

/** The others are pure, or are handed what touches the world. */
const MAY_USE_DENO = [
  "sandbox",
  "compartments",
  "fabric",
  "links",
  "host",
  "cli",
  "tools",
  "keeper",
  "audit",
  "corpus",
  "skills",
];
/** The one folder that chooses concrete classes may import all. */
const COMPOSITION = "cli";
const MAX_LINES = 400;
const ROOT = new URL("../src/", import.meta.url);

for (const folder of Deno.readDirSync(ROOT)) {
  for (const file of Deno.readDirSync(new URL(`${folder.name}/`, ROOT))) {
    const name = `src/${folder.name}/${file.name}`;
    const text = Deno.readTextFileSync(new URL(`${folder.name}/${file.name}`, ROOT));

    Deno.test(`${name} keeps to its place`, () => {
      assert.ok(
        folder.name === COMPOSITION || Object.hasOwn(MAY_IMPORT, folder.name),
        `folder ${folder.name} is not in the table`,
      );
      if (folder.name !== COMPOSITION) {
        const allowed = [folder.name, "base", ...MAY_IMPORT[folder.name] ?? []];
        for (const [, target = ""] of text.matchAll(/from "\.\.\/([a-z]+)\//g)) {
          assert.ok(allowed.includes(target), `${folder.name}/ may not import ${target}/`);
        }
        if (!MAY_USE_DENO.includes(folder.name)) assert.doesNotMatch(text, /\bDeno\.(?!build)/);
      }
      if (!(folder.name === "base" && file.name === "clock.ts")) {
        assert.doesNotMatch(text, /\bset(Timeout|Interval)\(/, "timers belong to base/clock.ts");
      }
      assert.doesNotMatch(text, /\beval\(|new Function\(/);
      assert.doesNotMatch(text, /\bDeno\.exit\(/, "the only exit is in main.ts");
      assert.match(text, /^(\/\/|#!)/, "the first line says what the file owns");
      assert.ok(text.split("\n").length <= MAX_LINES, "too long: split it by noun");
    });
  }
}
