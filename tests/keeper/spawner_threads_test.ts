import { strict as assert } from "node:assert";
import type { FromSpawner, Start } from "../../src/keeper/messages.ts";
import { SpawnerThreads } from "../../src/keeper/spawner_threads.ts";
import { until } from "../support/deadline.ts";
import { setupOf } from "./real_keeper.ts";

const ENTRY = new URL("../../main.ts", import.meta.url).href;

/** Threads that are not boxed, and what they have told. */
function opened() {
  const heard: FromSpawner[] = [];
  const failures: unknown[] = [];
  const threads = new SpawnerThreads({
    setup: setupOf(),
    entryUrl: ENTRY,
    hear: (message) => void heard.push(message),
    fail: (why) => void failures.push(why),
  });
  const told = (type: FromSpawner["type"], count: number) =>
    until(() => heard.filter((message) => message.type === type).length === count || undefined, {
      what: `${count} times "${type}"`,
    });
  return { threads, heard, failures, told, [Symbol.dispose]: () => threads.close() };
}

function script(id: number, text: string): Start {
  return { type: "start", id, argv: ["/bin/sh", "-c", text], cwd: "/" };
}

Deno.test("SpawnerThreads run programs side by side and one after another", async () => {
  using group = opened();
  const { threads, heard, failures, told } = group;
  const others: number[] = [];
  for (const id of [1, 2, 3]) threads.start(script(id, "exec sleep 600"), { others });
  threads.start({ ...script(4, ""), cwd: "/nope" }, { others });
  await told("started", 3);
  await told("refused", 1);
  threads.pass({ type: "kill", id: 2 });
  await told("end", 1);
  // Two threads are free now, of which one is kept.
  threads.start(script(5, "exit 5"), { others });
  await told("end", 2);
  // Its thread has another program by now.
  threads.start(script(6, "exec sleep 600"), { others });
  threads.pass({ type: "kill", id: 5 });
  await told("started", 5);
  for (const id of [1, 3, 6]) threads.pass({ type: "kill", id });
  await told("end", 5);

  const ends = heard.flatMap((message) =>
    message.type === "end" ? [[message.id, message.exitCode]] : []
  );
  const late = ends.slice(2).toSorted();
  assert.deepEqual([...ends.slice(0, 2), ...late], [[2, 137], [5, 5], [1, 137], [3, 137], [
    6,
    137,
  ]]);
  assert.equal(heard.filter(({ type }) => type === "ready").length, 1);
  assert.deepEqual(failures, []);
});
