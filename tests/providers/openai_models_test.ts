import { strict as assert } from "node:assert";
import {
  isResponsesOnly,
  reasons,
  reasonsWithToolsElsewhere,
  takesVerbosity,
} from "../../src/providers/openai_models.ts";

// model; served by responses alone, tools only there, reasons, verbosity
const models: readonly (readonly [string, boolean, boolean, boolean, boolean])[] = [
  ["test-model", false, false, false, false],
  ["gpt-oss-120b", false, false, false, false],
  ["gpt-4.1", false, false, false, false],
  ["chatgpt-4o-latest", false, false, false, false],
  ["o1-mini", false, false, true, false],
  ["o1-pro", true, false, true, false],
  ["o1-pro-2025-03-19", true, false, true, false],
  ["o3", false, false, true, false],
  ["o3-pro-2025-06-10", true, false, true, false],
  ["o4-mini", false, false, true, false],
  ["openai/o3-pro", true, false, true, false],
  ["o4-mini-deep-research", true, false, true, false],
  ["codex-mini-latest", true, false, true, false],
  ["gpt-5", false, false, true, true],
  ["gpt-5-chat-latest", false, false, false, false],
  ["gpt-5-codex", true, false, true, false],
  ["gpt-5-pro", true, false, true, true],
  ["gpt-5.1-codex-max", true, false, true, false],
  ["gpt-5.2", false, false, true, true],
  ["gpt-5.4-nano", false, true, true, true],
  ["gpt-5.5-pro", true, true, true, true],
  ["gpt-6-luna", false, true, true, true],
  ["openai/gpt-6-luna", false, false, true, true],
  ["gpt-6.1-sol", false, true, true, true],
  ["gpt-10-x", false, true, true, true],
  ["xgpt-5-pro", false, false, false, false],
];
for (const [model, only, tools, thinks, verbose] of models) {
  Deno.test(`the rules of OpenAI's models know ${model}`, () => {
    assert.deepEqual({
      only: isResponsesOnly(model),
      tools: reasonsWithToolsElsewhere(model),
      thinks: reasons(model),
      verbose: takesVerbosity(model),
    }, { only, tools, thinks, verbose });
  });
}
