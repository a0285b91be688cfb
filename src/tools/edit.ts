// Edit: changes parts of a file, by an exact text or by a patch of several blocks.
import * as z from "zod";
import { type Before, changeFile, expectText } from "./change_file.ts";
import { changeResult } from "./change_result.ts";
import { applyPatch, parsePatch, type PatchBlock } from "./edit_patch.ts";
import {
  demandFewLines,
  type Edited,
  replaceAll,
  type Replacement,
  replaceOne,
} from "./edit_text.ts";
import { badInput, readInput } from "./input.ts";
import { pathField } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const MAX_LINES = 120;

const input = z.object({
  file_path: pathField("The file to change. Absolute, or relative to the current folder."),
  old_string: z.optional(
    z.string().check(z.describe(
      "The exact text to replace, indentation and line ends included, without line numbers. It must \
occur once, unless line_number or replace_all is given.",
    )),
  ),
  new_string: z.optional(z.string().check(z.describe("The text to put in its place."))),
  replace_all: z._default(z.boolean(), false).check(z.describe(
    "Replace every occurrence: at most 8, and 80 lines in all.",
  )),
  patch: z.optional(
    z.string().check(z.describe(
      "Several changes at once, instead of old_string and new_string: blocks of the lines \
<<<<<<< SEARCH, the old lines, =======, the new lines, >>>>>>> REPLACE. The old lines of each \
block must occur once. All blocks apply, or none.",
    )),
  ),
  line_number: z.optional(
    z.int().check(
      z.minimum(1),
      z.describe(
        "Which occurrence of old_string is meant, if there are several: the one nearest to this line.",
      ),
    ),
  ),
});

export const editTool: HandsTool = {
  name: "Edit",
  runs: "hands",
  description:
    `Changes parts of a text file. The file must have been Read since it last changed (your own \
Write and Edit count as read). Give old_string and new_string for one change of up to \
${MAX_LINES} lines, or patch for several or longer ones. Text is matched exactly, never as a \
pattern. Returns JSON with a unified diff of what changed.`,
  input,
  arguments: "strict",
  prepare(raw) {
    const args = readInput(input, raw);
    readRequest(args);
    return { mutating: true, needs: [{ type: "write_file", path: args.file_path }] };
  },
  async perform(raw, world, signal) {
    const args = readInput(input, raw);
    const request = readRequest(args);
    const revise = (before: Before, path: string) => apply(request, expectText(before, path));
    const change = await changeFile(args.file_path, revise, { world, signal });
    const edited = change.revised;
    const count = `${edited.replacements} replacement${edited.replacements === 1 ? "" : "s"}`;
    const message = `Edited ${change.path}: ${count}`;
    const report = { operation: "edit", message, workspace: world.files.folder };
    return changeResult(change, report, {
      edit_mode: request.type === "patch" ? "patch" : "legacy",
      replacements: edited.replacements,
      requested_replace_all: args.replace_all,
      used_patch_mode: request.type === "patch",
      line_number_hint: args.line_number ?? null,
      changed_bytes: edited.changedBytes,
      changed_lines: change.diff.counts.added + change.diff.counts.removed,
      touched_lines: edited.touchedLines,
    });
  },
};

type Request =
  | { readonly type: "patch"; readonly blocks: readonly PatchBlock[] }
  | { readonly type: "one" | "all"; readonly replacement: Replacement };

function readRequest(args: z.output<typeof input>): Request {
  const { old_string, new_string, replace_all, patch, line_number } = args;
  if (patch !== undefined) {
    const isAlone = old_string === undefined && new_string === undefined && !replace_all &&
      line_number === undefined;
    if (!isAlone) throw badInput("patch", "expected alone, got other ways to edit beside it");
    return { type: "patch", blocks: parsePatch(patch) };
  }
  if (old_string === undefined) throw badInput("old_string", "expected it, or patch, got nothing");
  if (new_string === undefined) throw badInput("new_string", "expected a string, got nothing");
  if (old_string === "") throw badInput("old_string", "expected some text, got an empty one");
  if (old_string === new_string) {
    throw badInput("new_string", "expected another text than old_string");
  }
  if (replace_all && line_number !== undefined) {
    throw badInput("line_number", "expected no line with replace_all");
  }
  const replacement = { oldString: old_string, newString: new_string, lineNumber: line_number };
  return { type: replace_all ? "all" : "one", replacement };
}

function apply(request: Request, text: string): Edited {
  switch (request.type) {
    case "patch":
      return applyPatch(text, request.blocks);
    case "one":
      return demandFewLines(replaceOne(text, request.replacement), MAX_LINES);
    case "all":
      return replaceAll(text, request.replacement);
  }
}
