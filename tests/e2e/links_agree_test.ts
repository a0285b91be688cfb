// Two layers judge the same paths: our own look-up before a file is opened, and the kernel. On
// random trees of links they must agree, or one of them is wrong.
import fc from "fast-check";
import { strict as assert } from "node:assert";
import { mkdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { levelHere } from "../support/level.ts";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec } from "../support/scripted_spec.ts";
import { isObject, toolOutcomes } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const TREES = 8;
const SEED = 20261122;

type Link = {
  readonly folder: number;
  readonly target: number;
  readonly kind: "absolute" | "relative" | "dangling" | "up";
};

/** A link: where it stands, and where it leads, as indices into what is there. */
const link: fc.Arbitrary<Link> = fc.record({
  folder: fc.nat(99),
  target: fc.nat(99),
  kind: fc.constantFrom<Link["kind"]>("absolute", "relative", "dangling", "up"),
});
const tree = fc.array(link, { minLength: 8, maxLength: 20 });

/** Makes the tree and returns every path by which a regular file or nothing can be named. */
function grow(ground: Playground, links: readonly Link[]): string[] {
  const outside = join(ground.root, "outside");
  const granted = join(ground.root, "granted");
  const folders = [ground.workspace, granted, outside].flatMap((root) => [
    root,
    join(root, "sub"),
    join(root, "sub/deep"),
  ]);
  const places: string[] = [];
  for (const folder of folders) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "file"), "text\n");
    places.push(folder, join(folder, "file"));
  }
  const inside = folders.filter((folder) => !folder.startsWith(outside));
  for (const [index, { folder, target, kind }] of links.entries()) {
    const at = join(pick(inside, folder), `link${index}`);
    const to = pick(places, target);
    const relative = `../../../../../../..${to}`;
    const words = { absolute: to, relative, dangling: `${to}/none`, up: `${to}/../file` };
    symlinkSync(words[kind], at);
    places.push(at);
  }
  return [
    ...new Set(places.flatMap((place) => [place, join(place, "file"), join(place, "sub/file")])),
  ]
    .filter((path) => !isFolder(path));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // nothing there, a circle, or a file where a folder should be
  }
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  assert.ok(item !== undefined);
  return item;
}

Deno.test({
  name: "Read and the kernel agree on what a path may lead to, on random trees of links",
  ignore: levelHere() === "deno",
  async fn(t) {
    for (const [index, links] of fc.sample(tree, { numRuns: TREES, seed: SEED }).entries()) {
      await t.step(`tree ${index}`, async () => {
        using ground = new Playground();
        const paths = grow(ground, links);
        const { read, cat } = await verdicts(ground, paths);
        assert.deepEqual(read, cat);
        const isLet = Object.values(read);
        assert.ok(isLet.includes(true) && isLet.includes(false), "nothing was tried");
      });
    }
  },
});

/** Whether each path can be read, by the tool and by a command in the box. */
async function verdicts(ground: Playground, paths: readonly string[]) {
  const command = paths.map((path) => `cat '${path}' >/dev/null 2>&1; echo $?`).join("\n");
  const turns = [
    calling(["Bash", { command }]),
    ...inRounds(paths).map((some) =>
      calling(...some.map((path) => ["Read", { file_path: path }] as const))
    ),
    { text: "end" },
  ];
  const spec = scriptedSpec(ground, turns, {
    capabilities: {
      script: { turns },
      sandbox: { require: "kernel", read: [join(ground.root, "granted")] },
    },
  });
  await using worker = await WorkerProcess.start({ ground, spec });
  await using connection = await worker.connect();
  const [bash, ...reads] = toolOutcomes(await connection.run("go"));
  const result: unknown = JSON.parse(bash?.text ?? "");
  assert.ok(isObject(result) && typeof result.stdout === "string");
  const codes = result.stdout.trimEnd().split("\n");
  assert.deepEqual([codes.length, reads.length], [paths.length, paths.length]);
  return {
    read: Object.fromEntries(paths.map((path, at) => [path, reads[at]?.success])),
    cat: Object.fromEntries(paths.map((path, at) => [path, codes[at] === "0"])),
  };
}

/** As many as a round may have. */
function inRounds(paths: readonly string[]): string[][] {
  const rounds: string[][] = [];
  for (let at = 0; at < paths.length; at += 80) rounds.push(paths.slice(at, at + 80));
  return rounds;
}
