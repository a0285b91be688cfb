import { strict as assert } from "node:assert";
import { JsonView } from "../../src/cli/json_view.ts";
import { ABOUT, complete, events, received, show, terminal, token } from "./streams.ts";

Deno.test("JsonView prints a line about the worker, then every frame", () => {
  const frames = [...events(token("a\nb"), complete(3)), terminal({ status: "completed" })];
  const { stdout, stderr } = show(new JsonView(), frames);
  const lines = stdout.split("\n");
  assert.deepEqual(lines.slice(0, -1).map((line) => JSON.parse(line)), [
    { kind: "sheath", version: "0.1.0", level: "kernel", agent_id: "run-1", workspace: "/w" },
    ...frames,
  ]);
  assert.deepEqual([lines.at(-1), stderr], ["", ""]);
});

Deno.test("JsonView leaves a frame's text as it came", () => {
  const text = '{ "kind":"terminal",  "status":"completed","later":1.0 }';
  const view = new JsonView();
  view.open(ABOUT);
  const { frame } = received(terminal({ status: "completed" }));
  assert.deepEqual(view.take({ frame, text, isSynthetic: false }), [
    { to: "stdout", text: `${text}\n` },
  ]);
});
