import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import type { Message } from "../../src/core/message.ts";
import { demoFiles, demoScript } from "../../src/providers/demo_script.ts";
import { parseScript } from "../../src/providers/script.ts";
import { scriptedProvider } from "../../src/providers/scripted.ts";
import { hear, REQUEST } from "./contract.ts";

Deno.test("demoScript is a script", () => {
  assert.deepEqual(parseScript(demoScript), demoScript);
});

Deno.test("demoScript mends its file when its calls are carried out", async () => {
  const files: Record<string, string> = { ...demoFiles };
  const provider = scriptedProvider({ script: demoScript, workspace: "/demo", clock: systemClock });
  const messages: Message[] = [message("user", "anything")];
  const answers: string[] = [];
  for (const _turn of demoScript.turns) {
    const { text, calls } = await hear(provider, { ...REQUEST, messages });
    answers.push(text);
    messages.push(message("assistant", text));
    for (const call of calls) {
      messages.push(message("tool", act(files, call.name, JSON.parse(call.arguments))));
    }
  }
  assert.match(answers.at(-1) ?? "", /^Done: /);
  assert.equal(files["hello.py"], demoFiles["hello.py"]?.replace("a - b", "a + b"));
});

function act(files: Record<string, string>, tool: string, input: Record<string, string>): string {
  if (tool === "Glob") return Object.keys(files).join("\n");
  const name = (input["file_path"] ?? "").replace("/demo/", "");
  const text = files[name] ?? "";
  if (tool === "Read") return text;
  assert.equal(tool, "Edit");
  const old = input["old_string"] ?? "";
  assert.equal(text.split(old).length, 2, "what Edit replaces is there once");
  files[name] = text.replace(old, input["new_string"] ?? "");
  return "edited";
}

function message(role: Message["role"], content: string): Message {
  return { id: "m", role, content, created_at: "2026-06-18T09:30:00Z" };
}
