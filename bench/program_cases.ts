// Whole commands as a person gives them: start to exit, everything cold but the file cache.
import { Folder } from "./folder.ts";
import type { Case } from "./measure.ts";
import { ONE_TURN_TEXT } from "./mock_model.ts";
import { timeProgram } from "./program.ts";

/** Milliseconds the whole of a caged one-turn run should take: three times the floor. */
const RUN_GOAL_MS = 150;

export function programCases(binary: string, baseUrl: string): readonly Case[] {
  const model = ["--model", "openai:mock", "--base-url", baseUrl, "--quiet"];
  return [
    wholeProgram({
      name: "floor: sheath --version",
      args: ["--version"],
      expects: ".",
    }),
    wholeProgram({
      name: "sheath run: one model turn",
      args: ["run", ...model, "Answer in one sentence"],
      expects: ONE_TURN_TEXT,
      goalMs: RUN_GOAL_MS,
    }),
    wholeProgram({ name: "sheath run: the scripted demo", args: ["run", "--quiet"], expects: "" }),
  ];

  function wholeProgram(
    { name, args, expects, goalMs }: {
      readonly name: string;
      readonly args: readonly string[];
      readonly expects: string;
      readonly goalMs?: number;
    },
  ): Case {
    const goal = goalMs === undefined ? {} : { goal: atMost(goalMs) };
    return {
      figures: [{ name, unit: "ms", ...goal }],
      async measure() {
        using folder = new Folder();
        return [await timeProgram({ command: [binary, ...args], folder, expects })];
      },
    };
  }
}

function atMost(value: number) {
  return { type: "at_most", value } as const;
}
