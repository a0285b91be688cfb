// Patches of SEARCH/REPLACE blocks: how they are written, and what they make of a text.
import { WorkerError } from "../core/errors.ts";
import { type Edited, replaceOne } from "./edit_text.ts";
import { placesOf } from "./find_text.ts";
import { badInput } from "./input.ts";

/** Whole lines, each with its line end; `replace` is empty when they are to go. */
export type PatchBlock = { readonly search: string; readonly replace: string };

const MAX_PATCH_BYTES = 256 * 1024;
const MAX_BLOCK_BYTES = 64 * 1024;
const MAX_BLOCKS = 128;

const SEARCH = "<<<<<<< SEARCH";
const DIVIDER = "=======";
const REPLACE = ">>>>>>> REPLACE";

/** Reads a patch; only blank lines may stand between blocks. @throws WorkerError `bad_input`. */
export function parsePatch(patch: string): PatchBlock[] {
  demandSize("it", patch, MAX_PATCH_BYTES);
  const lines = patch.replaceAll("\r\n", "\n").split("\n");
  const marks = lines.map((line) => line.trimEnd());
  const blocks: PatchBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (marks[at] === "") continue;
    const divider = marks.indexOf(DIVIDER, at);
    const end = divider === -1 ? -1 : marks.indexOf(REPLACE, divider);
    if (marks[at] !== SEARCH) throw problem(`line ${at + 1} is outside a block`);
    if (end === -1) throw problem(`the block on line ${at + 1} is not complete`);
    const search = asLines(lines.slice(at + 1, divider));
    blocks.push({ search, replace: asLines(lines.slice(divider + 1, end)) });
    at = end;
  }
  return checked(blocks);
}

/** Applies the blocks one after another, each on what the one before made of the text. */
export function applyPatch(text: string, blocks: readonly PatchBlock[]): Edited {
  const start: Edited = { text, replacements: 0, changedBytes: 0, touchedLines: 0 };
  return blocks.reduce((edited, block, index) => {
    const next = applyBlock(edited.text, block, index + 1);
    return {
      text: next.text,
      replacements: edited.replacements + next.replacements,
      changedBytes: edited.changedBytes + next.changedBytes,
      touchedLines: edited.touchedLines + next.touchedLines,
    };
  }, start);
}

function asLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function checked(blocks: PatchBlock[]): PatchBlock[] {
  if (blocks.length === 0) throw problem("there is no block in it");
  if (blocks.length > MAX_BLOCKS) {
    throw problem(`it has ${blocks.length} blocks, expected at most ${MAX_BLOCKS}`);
  }
  for (const [index, { search, replace }] of blocks.entries()) {
    if (search.trim() === "") throw problem(`block ${index + 1} searches for nothing`);
    demandSize(`block ${index + 1}`, search + replace, MAX_BLOCK_BYTES);
  }
  return blocks;
}

function applyBlock(text: string, { search, replace }: PatchBlock, number: number): Edited {
  try {
    return replaceOne(text, atEndOf(text, { search, replace }));
  } catch (thrown) {
    if (!(thrown instanceof WorkerError)) throw thrown;
    throw badInput("patch", `block ${number}: ${thrown.message}`);
  }
}

/** The last line of a text may have no line end; then the block's last line has none either. */
function atEndOf(text: string, { search, replace }: PatchBlock): {
  readonly oldString: string;
  readonly newString: string;
} {
  const bare = search.slice(0, -1);
  const isLast = text.replaceAll("\r\n", "\n").endsWith(bare) && !text.endsWith("\n");
  if (!isLast || placesOf(search, text, 1).length > 0) {
    return { oldString: search, newString: replace };
  }
  return { oldString: bare, newString: replace.slice(0, -1) };
}

function demandSize(what: string, text: string, most: number): void {
  const size = new TextEncoder().encode(text).length;
  if (size > most) throw problem(`${what} is ${size} bytes, expected at most ${most}`);
}

function problem(what: string): WorkerError {
  const shape =
    `${SEARCH}, the old lines, ${DIVIDER}, the new lines, ${REPLACE}, each on its own line`;
  return badInput("patch", `${what}; expected blocks of ${shape}`);
}
