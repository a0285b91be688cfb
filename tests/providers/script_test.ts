import { strict as assert } from "node:assert";
import { parseScript } from "../../src/providers/script.ts";

Deno.test("parseScript() reads every field", () => {
  const script = {
    turns: [{
      expect: ["a", "b"],
      delay_ms: 5,
      reasoning: "hm",
      text: ["one", "two"],
      error: { status: 503, message: "busy" },
      tool_calls: [
        { name: "Read", arguments: { file_path: "/a" }, id: "c-1" },
        { name: "Bash", arguments: "{" },
        { name: "Workspace" },
      ],
      stop: "refused",
      usage: {
        prompt_tokens: 1,
        completion_tokens: 2,
        cached_prompt_tokens: 0,
        reasoning_tokens: 1,
      },
    }, {}],
  };
  assert.deepEqual(parseScript(structuredClone(script)), script);
});

const refused: readonly (readonly [unknown, string | RegExp])[] = [
  [undefined, "script: missing, expected an object"],
  ["turns", "script: expected an object, got a string"],
  [{}, "turns: missing, expected an array"],
  [{ turns: {} }, "turns: expected an array, got an object"],
  [{ turns: [null] }, "turns[0]: expected an object, got null"],
  [{ turns: [], speed: 2 }, 'script: unknown field "speed"'],
  [{ turns: [{}, { tool_call: [] }] }, 'turns[1]: unknown field "tool_call"'],
  [
    { turns: [{}, { tool_calls: [{ name: 7 }] }] },
    "turns[1].tool_calls[0].name: expected a string, got a number",
  ],
  [{ turns: [{ tool_calls: [{}] }] }, "turns[0].tool_calls[0].name: missing, expected a string"],
  [
    { turns: [{ tool_calls: [{ name: "Read", arguments: ["a"] }] }] },
    "turns[0].tool_calls[0].arguments: expected an object or a string, got an array",
  ],
  [
    { turns: [{ text: null }] },
    "turns[0].text: expected a string or an array of strings, got null",
  ],
  [
    { turns: [{ text: ["a", 1] }] },
    "turns[0].text: expected a string or an array of strings, got an array",
  ],
  [{ turns: [{ delay_ms: -1 }] }, /^turns\[0\]\.delay_ms: expected a whole number/],
  [{ turns: [{ error: "busy" }] }, "turns[0].error: expected an object, got a string"],
  [
    { turns: [{ usage: { prompt_tokens: 1 } }] },
    /^turns\[0\]\.usage\.completion_tokens: missing, expected a whole number/,
  ],
];
for (const [script, message] of refused) {
  Deno.test(`parseScript() throws bad_input when ${message}`, () => {
    assert.throws(() => parseScript(script), { name: "WorkerError", fault: "bad_input", message });
  });
}
