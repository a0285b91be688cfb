import { strict as assert } from "node:assert";
import { linkSync, mkdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { WorkerError } from "../../src/core/errors.ts";
import { described, SkillPlace } from "./skill_place.ts";
import { skillText } from "./skill_text.ts";

const NEVER = new AbortController().signal;

Deno.test("SkillShelf finds skills at any depth, in order, and not inside of skills", async () => {
  await using place = new SkillPlace({
    "../granted/b/SKILL.md": described("b", "B"),
    "../granted/group/deep/a/SKILL.md": described("a", "A"),
    "../granted/b/examples/c/SKILL.md": described("c", "an example"),
    "../granted/README.md": "no skill",
  });
  assert.deepEqual(await place.told(), [["b B", "a A"], []]);
});

Deno.test("SkillShelf takes the skill of the strongest root", async () => {
  await using place = new SkillPlace({
    ".bamboo/skills-plan/x/SKILL.md": described("x", "v1"),
    ".bamboo/skills/x/SKILL.md": described("x", "v2"),
    ".agents/skills/x/SKILL.md": described("x", "v3"),
    "../granted/modes/x/SKILL.md": described("x", "v4"),
    "../granted/usual/x/SKILL.md": described("x", "v5"),
  });
  const folders = ["modes", "usual"].map((name) => place.path(`../granted/${name}`));
  const all = { folders, trustsWorkspace: true, mode: "plan" };
  const gone = [".bamboo/skills-plan", ".bamboo/skills", ".agents", "../granted/modes"];
  assert.deepEqual(await place.told({ ...all, mode: undefined }), [["x* v2"], []]);
  assert.deepEqual(await place.told({ ...all, trustsWorkspace: false }), [["x v4"], []]);
  for (const [at, expected] of ["x* v1", "x* v2", "x* v3", "x v4", "x v5"].entries()) {
    assert.deepEqual(await place.told(all), [[expected], []]);
    rmSync(place.path(gone[at] ?? "../granted/usual"), { recursive: true });
  }
  assert.deepEqual(await place.told(all), [[], []]);
});

Deno.test("SkillShelf takes the weaker of two where the stronger is broken", async () => {
  await using place = new SkillPlace({
    ".agents/skills/x/SKILL.md": "no front matter",
    "../granted/x/SKILL.md": described("x", "good"),
  });
  assert.deepEqual(await place.told({ trustsWorkspace: true }), [
    ["x good"],
    ["workspace/.agents/skills/x/SKILL.md: expected front matter: a first line of ---"],
  ]);
});

Deno.test("SkillShelf leaves out what is disabled or not selected, by id or name", async () => {
  await using place = new SkillPlace({
    "../granted/a/SKILL.md": described("a", "A"),
    "../granted/b/SKILL.md": described("docs:b", "B"),
    "../granted/c/SKILL.md": described("c", "C"),
  });
  assert.deepEqual(await place.told({ disabled: ["docs:b", "c", "x"] }), [["a A"], []]);
  assert.deepEqual(await place.told({ selected: ["b", "c"], disabled: ["c"] }), [["b B"], []]);
  assert.deepEqual(await place.told({ selected: ["a", "x"] }), [
    ["a A"],
    ['capabilities.skills.selected: there is no skill "x"'],
  ]);
  const shelf = await place.shelf({ disabled: ["a"] });
  await assert.rejects(shelf.load("a", NEVER), {
    message: 'Cannot use skill "a": no such skill, expected one of: b, c',
  });
});

Deno.test("SkillShelf lists 24 skills and says which it does not; all of them load", async () => {
  const names = Array.from({ length: 30 }, (_, at) => `s${String(at).padStart(2, "0")}`);
  await using place = new SkillPlace(
    Object.fromEntries(names.map((id) => [`../granted/${id}/SKILL.md`, described(id, id)])),
  );
  const [listed = [], warnings = []] = await place.told();
  assert.deepEqual(listed, names.slice(0, 24).map((id) => `${id} ${id}`));
  assert.match(warnings.join(), /^granted\/s24: 24 of 30 skills are listed at most; this one/);
  const { instructions } = await (await place.shelf()).load("s29", NEVER);
  assert.equal(instructions, "Do s29.");
});

Deno.test("SkillShelf names the path of what is broken, and goes on", async () => {
  await using place = new SkillPlace({
    "../granted/bad/SKILL.md": skillText("other"),
    "../granted/Big_Name/SKILL.md": described("Big_Name", "x"),
    "../granted/good/SKILL.md": described("good", "G"),
    "../granted/huge/SKILL.md": "",
    "../granted/one/twin/SKILL.md": described("twin", "T"),
    "../granted/two/twin/SKILL.md": described("twin", "U"),
    "../other/away/SKILL.md": described("away", "outside"),
    "../other/linked.md": described("linked", "outside"),
  });
  truncateSync(place.path("../granted/huge/SKILL.md"), 100 * 1024 * 1024);
  place.link("../granted/away", "../other/away");
  place.link("../granted/cycle/again", "..");
  place.link("../granted/linked/SKILL.md", "../../other/linked.md");
  mkdirSync(place.path("../granted/folder/SKILL.md"), { recursive: true });
  const [listed, warnings] = await place.told();
  assert.deepEqual(listed, ["good G", "twin T"]);
  assert.deepEqual(warnings?.toSorted(), [
    "granted/Big_Name/SKILL.md: its folder is not named in lower-case letters, digits and single hyphens",
    "granted/away: it is a link, expected a folder",
    'granted/bad/SKILL.md: name: expected "bad" or "namespace:bad", as its folder is called',
    "granted/cycle/again: it is a link, expected a folder",
    'granted/folder/SKILL.md: Cannot read "granted/folder/SKILL.md": it is a folder, expected a regular file',
    "granted/huge/SKILL.md: file is 104857600 bytes, expected at most 65536",
    warnings?.find((line) => line.startsWith("granted/linked/")),
    "granted/two/twin: granted/one/twin has the same id, and counts",
  ]);
  assert.match(warnings?.join("\n") ?? "", /linked\/SKILL\.md: Cannot read .*outside the granted/);
});

Deno.test("SkillShelf takes no root and no SKILL.md that is reached by a link", async () => {
  await using place = new SkillPlace({
    "../granted/elsewhere/x/SKILL.md": described("x", "X"),
    "../granted/hidden/text.md": described("y", "Y"),
  });
  place.link(".agents", "../granted");
  place.link("skills-of", ".");
  place.link("../granted/here/y/SKILL.md", "../../hidden/text.md");
  mkdirSync(place.path(".bamboo"));
  place.link(".bamboo/skills", "../../granted/elsewhere");
  const folders = [place.path("../granted/here"), place.path("../granted/none")];
  assert.deepEqual(await place.told({ folders, trustsWorkspace: true }), [[], [
    "workspace/.bamboo/skills: it is reached by a link, expected a folder",
    "granted/here/y/SKILL.md: it is reached by a link",
  ]]);
});

Deno.test("SkillShelf looks through no more than it may", async () => {
  await using place = new SkillPlace({
    "../granted/a/SKILL.md": described("a", "A"),
    "../granted/d/e/e/p/e/r/and/deeper/still/x/SKILL.md": described("x", "X"),
  });
  const partial = "granted: too much to look through, some of it was left out";
  assert.deepEqual(await place.told(), [["a A"], [partial]]);
  const file = place.put("../granted/many/0", "");
  for (let at = 1; at < 21_000; at++) linkSync(file, place.path(`../granted/many/${at}`));
  place.put("../granted/z/SKILL.md", described("z", "behind"));
  assert.deepEqual(await place.told(), [["a A"], [partial]]);
});

Deno.test("SkillShelf loads anew what has changed, and refuses what broke meanwhile", async () => {
  await using place = new SkillPlace({
    "../granted/a/SKILL.md": described("docs:a", "one"),
    "../granted/a/b.md": "",
    "../granted/a/a/c.md": "",
  });
  place.link("../granted/a/link.md", "b.md");
  const shelf = await place.shelf();
  assert.throws(() => shelf.folderOf("a"), {
    message: 'Cannot use skill "a": it is not loaded yet, call load_skill first',
  });
  place.put("../granted/a/SKILL.md", described("a", "two"));
  const loaded = await shelf.load("docs:a", NEVER);
  assert.deepEqual(
    [loaded.header.description, loaded.folder, loaded.resources, loaded.isPartial],
    ["two", place.path("../granted/a"), ["b.md", "a/c.md"], false],
  );
  assert.equal(shelf.folderOf("a"), loaded.folder);
  writeFileSync(place.path("../granted/a/SKILL.md"), "");
  await assert.rejects(shelf.load("a", NEVER), (thrown) => {
    assert.ok(thrown instanceof WorkerError && thrown.fault === "refused");
    assert.equal(
      thrown.message,
      'Cannot use skill "a": expected front matter: a first line of ---',
    );
    return true;
  });
});

Deno.test("SkillShelf lists 200 resources of a skill that has 10,000", async () => {
  await using place = new SkillPlace({ "../granted/a/SKILL.md": described("a", "A") });
  for (let folder = 0; folder < 10; folder++) {
    const file = place.put(`../granted/a/f${folder}/0`, "");
    for (let at = 1; at < 1_000; at++) linkSync(file, place.path(`../granted/a/f${folder}/${at}`));
  }
  const shelf = await place.shelf();
  const { resources, isPartial } = await shelf.load("a", NEVER);
  assert.deepEqual([resources.length, isPartial], [200, true]);
});

Deno.test("SkillShelf.load() rejects with the reason when aborted", async () => {
  await using place = new SkillPlace({ "../granted/a/SKILL.md": described("a", "A") });
  const shelf = await place.shelf();
  const reason = new Error("stop");
  await assert.rejects(shelf.load("a", AbortSignal.abort(reason)), (thrown) => thrown === reason);
});
