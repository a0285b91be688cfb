import { strict as assert } from "node:assert";
import { ProcessTree } from "../../src/keeper/process_tree.ts";
import { FakeClock } from "../support/fake_clock.ts";

/** A tree over a kernel that writes down what it is asked. */
function planted({ isAnyLeft }: { readonly isAnyLeft: () => boolean }) {
  const clock = new FakeClock();
  const asked: string[] = [];
  const kernel = {
    killAll: () => void asked.push("kill"),
    reapOrphans(own: ReadonlySet<number>) {
      asked.push(`reap but ${[...own]}`);
      return isAnyLeft();
    },
  };
  return { clock, asked, tree: new ProcessTree({ kernel, clock }) };
}

Deno.test("ProcessTree.noteOver() kills what is left with the last program only", () => {
  const { tree, asked } = planted({ isAnyLeft: () => false });
  using _ = tree;
  tree.noteStart(1);
  tree.noteStart(2);
  tree.noteStarted(1, 11);
  tree.noteOver(1);
  assert.deepEqual(asked, []);
  tree.noteOver(2);
  assert.deepEqual(asked, ["kill"]);
});

Deno.test("ProcessTree.pids() gives those that run and have been told", () => {
  const { tree } = planted({ isAnyLeft: () => false });
  using _ = tree;
  for (const id of [1, 2, 3]) tree.noteStart(id);
  tree.noteStarted(1, 11);
  tree.noteStarted(3, 13);
  assert.deepEqual(tree.pids(), [11, 13]);
  tree.noteOver(1);
  assert.deepEqual(tree.pids(), [13]);
});

Deno.test("ProcessTree buries orphans while programs run and a while after, never a start", async () => {
  const { tree, asked, clock } = planted({ isAnyLeft: () => false });
  using _ = tree;
  tree.noteStart(1);
  tree.noteStarted(1, 11);
  tree.noteStart(2);
  await clock.advance(250);
  assert.deepEqual(asked, [], "an unknown pid could be the new program's");
  tree.noteStarted(2, 12);
  await clock.advance(250);
  assert.deepEqual(asked.splice(0), ["reap but 11,12"]);
  tree.noteOver(1);
  tree.noteOver(2);
  tree.noteStarted(2, 12);
  await clock.advance(60_000);
  assert.deepEqual(asked.splice(0), ["kill", ...Array(4).fill("reap but ")]);
  assert.deepEqual(clock.waits, []);
  tree.noteStart(3);
  tree.noteStarted(3, 13);
  await clock.advance(250);
  assert.deepEqual(asked, ["reap but 13"]);
});

Deno.test("ProcessTree.killAll() goes on until no program and no child is left", async () => {
  let left = 2;
  const { tree, asked, clock } = planted({ isAnyLeft: () => --left > 0 });
  using _ = tree;
  tree.noteStart(1);
  let isOver: boolean | undefined;
  const killing = tree.killAll(2_000).then((result) => isOver = result);
  await clock.advance(10);
  assert.deepEqual(asked.splice(0), ["kill", "kill"], "nobody is buried before the pid is known");
  tree.noteStarted(1, 11);
  await clock.advance(20);
  assert.equal(isOver, undefined, "the program has not exited");
  tree.noteOver(1);
  await clock.advance(10);
  await killing;
  assert.equal(isOver, true);
  assert.equal(asked.at(-1), "reap but ");
});

Deno.test("ProcessTree.killAll() gives up when something is left in the end", async () => {
  const { tree, asked, clock } = planted({ isAnyLeft: () => true });
  using _ = tree;
  const killing = tree.killAll(100);
  await clock.advance(100);
  assert.equal(await killing, false);
  assert.equal(asked.filter((what) => what === "kill").length, 11);
});

Deno.test("ProcessTree.disown() makes everything an orphan", async () => {
  const { tree, asked } = planted({ isAnyLeft: () => false });
  using _ = tree;
  tree.noteStart(1);
  tree.noteStarted(1, 11);
  tree.disown();
  assert.equal(await tree.killAll(0), true);
  assert.deepEqual(asked, ["kill", "reap but "]);
});
