// Skills in the compiled program: which count, what the model is told of them, and what it gets.
import { strict as assert } from "node:assert";
import {
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { levelHere } from "../support/level.ts";
import { serveModel, textAnswer } from "../support/model_server.ts";
import { Playground } from "../support/playground.ts";
import { calling, modelSpec, type NamedCall, scriptedSpec } from "../support/scripted_spec.ts";
import { runSheath } from "../support/sheath_process.ts";
import { type ObservedRun, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

type Files = Readonly<Record<string, string>>;
type Fields = Readonly<Record<string, unknown>>;

/** Beside the workspace, where no tool writes. */
function put(ground: Playground, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(ground.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function skill(id: string, description: string, more = ""): string {
  return `---\nname: ${id}\ndescription: ${description}\n${more}---\nDo ${description} of ${id}.\n`;
}

/** 100,000 files, in a folder that is made if need be. */
function fill(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < 100_000; at++) {
    // A file may have no more names than this.
    const first = join(folder, String(at - at % 50_000));
    if (at % 50_000 === 0) writeFileSync(first, "");
    else linkSync(first, join(folder, String(at)));
  }
}

type Told = {
  readonly system: string;
  /** Messages in the user's place, but for the task. */
  readonly aside: string;
  readonly tools: readonly string[];
  readonly warnings: readonly string[];
};

/** What a model is told before its first answer. */
async function told(ground: Playground, capabilities: Fields): Promise<Told> {
  await using model = serveModel(() => textAnswer("end"));
  const spec = modelSpec(ground, model, { capabilities });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.equal(run.terminal.status, "completed", String(run.terminal.error));
  const body: {
    messages: readonly { role: string; content: string }[];
    tools: readonly { function: { name: string } }[];
  } = JSON.parse(model.requests[0]?.body ?? "");
  const textOf = (role: string) =>
    body.messages.filter((message) => message.role === role).map(({ content }) => content).join();
  return {
    system: textOf("system"),
    aside: textOf("user"),
    tools: body.tools.map((tool) => tool.function.name).filter((name) => name.includes("skill")),
    warnings: warningsOf(run),
  };
}

function warningsOf({ events }: ObservedRun): readonly string[] {
  return events.filter(({ type, category }) => type === "notification" && category === "skills")
    .map(({ body }) => String(body));
}

/** Calls in one run, and what each came to. */
async function called(ground: Playground, capabilities: Fields, calls: readonly NamedCall[]) {
  const turns = [...calls.map((call) => calling(call)), { text: "end" }];
  const spec = scriptedSpec(ground, [], { capabilities: { script: { turns }, ...capabilities } });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const run = await connection.run("go");
  assert.equal(run.terminal.result, "end", String(run.terminal.error));
  return toolOutcomes(run);
}

const BOTH = ["load_skill", "read_skill_resource"];
const TRUSTED = { sandbox: { trust_workspace: true } };

Deno.test("a skill of the spec is listed, loaded, and read, and never written", async () => {
  using ground = new Playground();
  const skills_dir = join(ground.root, "skills");
  put(ground, {
    "skills/pdf/SKILL.md": skill("pdf", "Reads PDFs", "allowed-tools: Write Bash\n"),
    "skills/pdf/docs/a.md": "one\ntwo\n",
    "skills/pdf/run.sh": "echo ran $1\n",
  });
  const { system, aside, tools, warnings } = await told(ground, { skills_dir });
  assert.match(system, /\n# Skills\n[^]*\n- pdf: Reads PDFs \[tools: Write, Bash\]/);
  assert.doesNotMatch(aside, /pdf/);
  assert.deepEqual([tools, warnings], [BOTH, []]);
  const folder = join(skills_dir, "pdf");
  const [early, loaded, resource, file, write, bash] = await called(ground, { skills_dir }, [
    ["read_skill_resource", { skill_id: "pdf", resource_path: "docs/a.md" }],
    ["load_skill", { skill_id: "pdf" }],
    ["read_skill_resource", { skill_id: "pdf", resource_path: "docs/a.md", offset: 2 }],
    ["Read", { file_path: join(folder, "docs/a.md") }],
    ["Write", { file_path: join(folder, "docs/b.md"), content: "x" }],
    ["Bash", { command: `sh ${folder}/run.sh well; echo x > ${folder}/c.md; ls ${folder}` }],
  ]);
  assert.deepEqual(early, {
    success: false,
    text: 'Execution failed: Cannot use skill "pdf": it is not loaded yet, call load_skill first',
  });
  assert.deepEqual(JSON.parse(loaded?.text ?? ""), {
    skill_id: "pdf",
    name: "pdf",
    description: "Reads PDFs",
    license: null,
    compatibility: null,
    allowed_tools: ["Write", "Bash"],
    instructions: "Do Reads PDFs of pdf.",
    skill_base_dir: folder,
    resource_files: ["run.sh", "docs/a.md"],
  });
  assert.equal(JSON.parse(resource?.text ?? "").content, "two");
  assert.match(file?.text ?? "", /1\tone/);
  assert.equal(write?.success, false);
  assert.match(write?.text ?? "", /outside the folders granted for writing/);
  if (levelHere() === "deno") assert.match(bash?.text ?? "", /not available/);
  else assert.match(bash?.text ?? "", /ran well/);
  assert.deepEqual(readdirSync(folder).toSorted(), ["SKILL.md", "docs", "run.sh"]);
});

Deno.test("skills of the workspace count only where it is trusted, and stand apart", async () => {
  using ground = new Playground({ ".agents/skills/own/SKILL.md": skill("own", "Of the project") });
  const without = await told(ground, {});
  assert.doesNotMatch(without.system + without.aside, /Of the project/);
  assert.deepEqual([without.tools, without.warnings], [[], []]);
  const [refused] = await called(ground, {}, [["load_skill", { skill_id: "own" }]]);
  assert.match(refused?.text ?? "", /^Tool not available: load_skill: there are no skills here; /);
  const trusted = await told(ground, TRUSTED);
  assert.doesNotMatch(trusted.system, /Of the project/);
  assert.match(trusted.aside, /Skills of the workspace stand between[^]*\n- own: Of the project\n/);
  assert.deepEqual(trusted.tools, BOTH);
  const [loaded] = await called(ground, TRUSTED, [["load_skill", { skill_id: "own" }]]);
  assert.equal(JSON.parse(loaded?.text ?? "").instructions, "Do Of the project of own.");
});

Deno.test("where nothing is found, the tools are not offered", async () => {
  using ground = new Playground();
  put(ground, { "skills/README.md": "" });
  const skills_dir = join(ground.root, "skills");
  for (const capabilities of [TRUSTED, { skills_dir }, { skills_dir: `${skills_dir}-none` }]) {
    assert.deepEqual((await told(ground, capabilities)).tools, []);
  }
});

Deno.test("modes, disabled and selected skills choose among the folders", async () => {
  using ground = new Playground();
  put(ground, {
    "storage/skills/a/SKILL.md": skill("a", "Usual"),
    "storage/skills/b/SKILL.md": skill("b", "Second"),
    "storage/skills-plan/a/SKILL.md": skill("a", "Of the mode"),
  });
  const listed = async (skills: Fields) =>
    (await told(ground, { skills })).system.split("\n").filter((line) =>
      line.startsWith("- ") &&
      /^- [ab]: /.test(line)
    );
  assert.deepEqual(await listed({}), ["- a: Usual", "- b: Second"]);
  assert.deepEqual(await listed({ mode: "plan" }), ["- a: Of the mode", "- b: Second"]);
  assert.deepEqual(await listed({ disabled: ["a"] }), ["- b: Second"]);
  assert.deepEqual(await listed({ selected: ["a"] }), ["- a: Usual"]);
});

Deno.test("what is broken, huge, linked or a bomb is told with its path, and the rest works", async () => {
  using ground = new Playground();
  const skills_dir = join(ground.root, "skills");
  const bomb = "metadata:\n  a: &a [x, x]\n  b: &b [*a, *a]\n  c: [*b, *b]\n";
  put(ground, {
    "secret/SKILL.md": skill("secret", "Secret"),
    "skills/bomb/SKILL.md": skill("bomb", "Bomb", bomb),
    "skills/good/SKILL.md": skill("good", "Good"),
    "skills/hooks/SKILL.md": skill("hooks", "Hooks", "hooks: { PreToolUse: [] }\n"),
    "skills/huge/SKILL.md": "",
    "skills/cycle/text": "",
  });
  truncateSync(join(skills_dir, "huge/SKILL.md"), 100 * 1024 * 1024);
  symlinkSync("..", join(skills_dir, "cycle/again"));
  symlinkSync("../secret", join(skills_dir, "secret"));
  fill(join(skills_dir, "many"));
  const start = performance.now();
  const { system, warnings } = await told(ground, { skills_dir });
  assert.ok(performance.now() - start < 15_000);
  assert.match(system, /- good: Good/);
  assert.doesNotMatch(system, /Secret|Bomb|Hooks/);
  const about = (name: string) =>
    warnings.find((line) => line.startsWith(`"${skills_dir}${name}"`)) ?? warnings.join("\n");
  assert.match(about("/bomb/SKILL.md"), /aliases are not read here$/);
  assert.match(about("/hooks/SKILL.md"), /unknown key "hooks"/);
  assert.match(about("/huge/SKILL.md"), /file is 104857600 bytes, expected at most 65536$/);
  assert.match(about("/cycle/again"), /it is a link, expected a folder$/);
  assert.match(about(""), /too much to look through/);
});

Deno.test("a skill with 100,000 files is loaded in time", async () => {
  using ground = new Playground();
  const skills_dir = join(ground.root, "skills");
  put(ground, { "skills/big/SKILL.md": skill("big", "Big") });
  fill(join(skills_dir, "big"));
  const [loaded] = await called(ground, { skills_dir }, [["load_skill", { skill_id: "big" }]]);
  const { resource_files, more_resource_files } = JSON.parse(loaded?.text ?? "");
  assert.deepEqual([resource_files.length, more_resource_files], [200, true]);
});

Deno.test("no resource lies outside of its skill", async () => {
  using ground = new Playground({ "own.txt": "of the workspace" });
  const skills_dir = join(ground.root, "skills");
  put(ground, {
    "secret.txt": "canary-5731",
    "skills/other.txt": "canary-5731",
    "skills/pdf/SKILL.md": skill("pdf", "Reads PDFs"),
    "skills/pdf/a.md": "fine",
  });
  symlinkSync("../other.txt", join(skills_dir, "pdf/near.md"));
  symlinkSync("../../secret.txt", join(skills_dir, "pdf/far.md"));
  symlinkSync(ground.path("own.txt"), join(skills_dir, "pdf/own.md"));
  symlinkSync("../..", join(skills_dir, "pdf/up"));
  const paths = [
    "near.md",
    "far.md",
    "own.md",
    "up/secret.txt",
    "../other.txt",
    join(ground.root, "secret.txt"),
    "SKILL.md",
    "a.md",
  ];
  const [, ...outcomes] = await called(ground, { skills_dir }, [
    ["load_skill", { skill_id: "pdf" }],
    ...paths.map((resource_path): NamedCall => [
      "read_skill_resource",
      { skill_id: "pdf", resource_path },
    ]),
  ]);
  assert.deepEqual(outcomes.map(({ success }) => success), paths.map((path) => path === "a.md"));
  assert.doesNotMatch(JSON.stringify(outcomes), /canary|of the workspace"/);
});

Deno.test("a folder of skills that tools can write, or that reaches the records, is refused", async () => {
  using ground = new Playground();
  put(ground, { "workspace/skills/a/SKILL.md": skill("a", "A"), "elsewhere/x": "" });
  const refusalOf = async (capabilities: Fields) => {
    const spec = scriptedSpec(ground, [{ text: "end" }], { capabilities });
    const { code, stderr } = await runSheath(["worker"], {
      variables: ground.variables,
      input: JSON.stringify(spec),
    });
    return `${code}: ${stderr}`;
  };
  const skills_dir = ground.path("skills");
  assert.match(
    await refusalOf({ skills_dir }),
    /^3: .*capabilities\.skills_dir: tools may write in/,
  );
  assert.match(await refusalOf({ skills_dir: ground.root }), /^3: .*overlaps fabric_dir/);
  assert.match(
    await refusalOf({ skills: { mode: "../../x" } }),
    /^2: .*capabilities\.skills\.mode/,
  );
  mkdirSync(ground.storage);
  symlinkSync(join(ground.root, "elsewhere"), join(ground.storage, "skills"));
  assert.match(await refusalOf({}), /^2: .*is a symbolic link, expected a folder/);
  rmSync(join(ground.storage, "skills"));
  const { aside } = await told(ground, { skills_dir, ...TRUSTED });
  assert.match(aside, /- a: A/);
});

Deno.test("sheath run takes --skills, --trust-workspace, and the usual folder", async () => {
  using ground = new Playground({ ".agents/skills/own/SKILL.md": skill("own", "Own") });
  put(ground, {
    "home/.config/sheath/skills/usual/SKILL.md": skill("usual", "Usual"),
    "given/given/SKILL.md": skill("given", "Given"),
    "script.yaml": "turns: [{ text: end }]\n",
  });
  await using model = serveModel(() => textAnswer("end"));
  const listed = async (args: readonly string[]) => {
    const { code, stderr } = await runSheath(
      ["run", "-m", "local:m", "--base-url", model.baseUrl, ...args, "go"],
      { variables: ground.variables, cwd: ground.workspace },
    );
    assert.equal(code, 0, stderr);
    const body = model.requests.at(-1)?.body ?? "";
    return [...body.matchAll(/\\n- (\w+): (?:Own|Usual|Given)/g)].map(([, id]) => id);
  };
  assert.deepEqual(await listed([]), ["usual"]);
  assert.deepEqual(await listed(["--skills", "../given"]), ["given"]);
  assert.deepEqual(await listed(["--trust-workspace"]), ["usual", "own"]);
  const explained = await runSheath(["explain", "--skills", "../given"], {
    variables: ground.variables,
    cwd: ground.workspace,
  });
  assert.match(explained.stdout, new RegExp(`\\nskills {5}${join(ground.root, "given")}\\n`));
  assert.match(explained.stdout, /none of the workspace: capabilities\.sandbox\.trust_workspace/);
});
