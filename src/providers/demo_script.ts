// The built-in example: what a first run shows on a machine without any key. Whoever starts it
// writes the files into a throw-away folder.
import type { Script } from "./script.ts";

/** The folder the demo works in: contents by file name. */
export const demoFiles: Readonly<Record<string, string>> = {
  "hello.py": `def add(a, b):
    return a - b


print("2 + 3 =", add(2, 3))
`,
};

/** Finds the bug in `hello.py` with Glob and Read, mends it with Edit, reads it again. */
export const demoScript: Script = {
  turns: [
    {
      text: "No model is at work here: this is a script, but its tool calls are real. " +
        "First, what is in this folder?",
      tool_calls: [{ name: "Glob", arguments: { pattern: "**/*", path: "{workspace}" } }],
    },
    {
      expect: "hello.py",
      text: "One Python file. I read it before I judge it.",
      tool_calls: [{ name: "Read", arguments: { file_path: "{workspace}/hello.py" } }],
    },
    {
      expect: "return a - b",
      text: "`add` subtracts. One character mends it.",
      tool_calls: [{
        name: "Edit",
        arguments: {
          file_path: "{workspace}/hello.py",
          old_string: "return a - b",
          new_string: "return a + b",
        },
      }],
    },
    {
      text: "Now I check what is really in the file.",
      tool_calls: [{ name: "Read", arguments: { file_path: "{workspace}/hello.py" } }],
    },
    {
      expect: "return a + b",
      text: "Done: `add` in hello.py returned a - b and now returns a + b, so 2 + 3 is 5.",
    },
  ],
};
