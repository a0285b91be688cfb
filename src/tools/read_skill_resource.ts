// read_skill_resource: shows a file of a loaded skill's folder, and nothing outside of it.
import { isAbsolute } from "node:path";
import * as z from "zod";
import { isInside } from "../base/path_inside.ts";
import { namesIn } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { withFileErrors } from "./file_error.ts";
import { expectPath, type FoundPath } from "./found_path.ts";
import { badInput, readInput, someText, wholeNumber } from "./input.ts";
import { LineWindow } from "./line_window.ts";
import { skillsOf } from "./load_skill.ts";
import { namedPath } from "./named_path.ts";
import { pathField, shown } from "./path_text.ts";
import { RegularFile } from "./regular_file.ts";
import { SKILL_FILE } from "./skills.ts";
import type { HandsTool } from "./tool.ts";
import type { World } from "./world.ts";

const DEFAULT_LINES = 2000;
const MAX_CONTENT_BYTES = 50_000;
const MAX_SCANNED_BYTES = 32 * 1024 * 1024;

const input = z.looseObject({
  skill_id: someText("The id of a skill that load_skill has loaded."),
  resource_path: pathField("One of its resource_files: a path relative to the skill's folder."),
  offset: z.optional(
    wholeNumber("The line to start at; the first line is 1. Default 1.", { least: 0 }),
  ),
  limit: z.optional(
    wholeNumber(`How many lines to show. Default ${DEFAULT_LINES}.`, { least: 1 }),
  ),
});

type Request = {
  readonly id: string;
  /** Relative and normalised. */
  readonly path: string;
  readonly first: number;
  readonly limit: number;
};

export const readSkillResourceTool: HandsTool = {
  name: "read_skill_resource",
  runs: "hands",
  description:
    `Shows a text file of a skill that load_skill has loaded, up to 50,000 bytes a call. \
Returns JSON: content and the lines it holds; has_more and next_offset say how to go on, truncated \
that it was cut at the limit. For a binary file it returns binary and a message instead.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, world, signal) {
    const request = readRequest(raw);
    signal.throwIfAborted();
    const found = await findResource(request, world);
    const { roots } = world;
    const report = await withFileErrors(
      { access: "read", path: found.named, roots },
      () => read(found, request, world, signal),
    );
    return { success: true, result: JSON.stringify(report), display_preference: "json" };
  },
};

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const { skill_id, resource_path, offset = 1, limit = DEFAULT_LINES } = readInput(input, raw);
  if (isAbsolute(resource_path)) {
    throw badInput("resource_path", "expected a path relative to the skill's folder");
  }
  const names = namesIn(resource_path).filter((name) => name !== ".");
  if (names.length === 0 || names.includes("..")) {
    throw badInput("resource_path", "expected a file in the skill's folder, without ..");
  }
  const path = names.join("/");
  if (path === SKILL_FILE) {
    throw badInput("resource_path", `expected another file than ${SKILL_FILE}, see load_skill`);
  }
  return { id: skill_id, path, first: Math.max(offset, 1), limit };
}

async function findResource({ id, path }: Request, world: World): Promise<FoundPath> {
  const folder = skillsOf(world).folderOf(id);
  const found = await expectPath(namedPath(folder, path), world.roots);
  if (isInside(found.path, folder)) return found;
  const line = `Cannot read ${shown(path)}: it leads out of the skill's folder`;
  throw new WorkerError("refused", line);
}

async function read(
  found: FoundPath,
  { id, path, first, limit }: Request,
  { roots }: World,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  await using file = await RegularFile.open(found, roots);
  const { size } = file.stamp;
  const window = new LineWindow({
    first,
    maxLines: limit,
    maxBytes: MAX_CONTENT_BYTES,
    bytesPerLine: 0,
  });
  for await (const chunk of file.chunks(MAX_SCANNED_BYTES, signal)) {
    window.push(chunk);
    if (window.hasNul) break;
  }
  const about = { skill_id: id, resource_path: path, size_bytes: size };
  if (window.hasNul) {
    const message = `It is a binary file of ${size} bytes: ${shown(found.path)}`;
    return { ...about, binary: true, message };
  }
  const lines = wholeLines(window);
  const next = first + lines.length;
  const hasMore = next <= window.total;
  return {
    ...about,
    offset: first,
    limit,
    returned_lines: lines.length,
    total_lines: window.total,
    has_more: hasMore,
    next_offset: hasMore ? next : null,
    truncated: window.isCut || size > MAX_SCANNED_BYTES,
    content: lines.join("\n"),
  };
}

/** A line that was cut comes whole with the next call, unless it alone is too long. */
function wholeLines(window: LineWindow): readonly string[] {
  const lines = window.lines();
  return window.isCut && lines.length > 1 ? lines.slice(0, -1) : lines;
}
