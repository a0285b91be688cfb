// One change of one file, as Write, Edit and NotebookEdit make it: known to the model, judged, replaced, told.
import { WorkerError } from "../core/errors.ts";
import { withFileErrors } from "./file_error.ts";
import type { FoundPath } from "./found_path.ts";
import { shown } from "./path_text.ts";
import { RegularFile } from "./regular_file.ts";
import { replaceFile } from "./replace_file.ts";
import { stampOf } from "./session_files.ts";
import { type UnifiedDiff, unifiedDiff } from "./unified_diff.ts";
import type { World } from "./world.ts";
import { findWriteTarget } from "./write_target.ts";

const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** What stood there before; `opaque` is no text, or too much of it. */
export type Before =
  | { readonly type: "missing" }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "opaque"; readonly why: string };

export type FileChange<Revised> = {
  readonly path: string;
  readonly before: Before;
  readonly revised: Revised;
  readonly diff: UnifiedDiff;
};

/**
 * Replaces the text of the file the model called `name` by what `revise` makes of it.
 * @throws WorkerError `refused` if the file may not be written or the model has not seen it as it
 * is, or what `revise` throws: nothing has changed then.
 */
export async function changeFile<Revised extends { readonly text: string }>(
  name: string,
  revise: (before: Before, path: string) => Revised,
  { world, signal }: { readonly world: World; readonly signal: AbortSignal },
): Promise<FileChange<Revised>> {
  signal.throwIfAborted();
  const { roots, files } = world;
  const path = files.resolve(name);
  return await withFileErrors({ access: "write", path, roots }, async () => {
    const target = await findWriteTarget(path, roots);
    const before = await readBefore(target.found, world, signal);
    const revised = revise(before, target.path);
    const bytes = new TextEncoder().encode(revised.text);
    files.markRead(target.path, await replaceFile(target, bytes, { roots, signal }));
    return {
      path: target.path,
      before,
      revised,
      diff: diffOf(target.path, before, revised.text),
    };
  });
}

/** The text to edit. @throws WorkerError `refused` where there is none. */
export function expectText(before: Before, path: string): string {
  if (before.type === "text") return before.text;
  const why = before.type === "missing" ? "no such file; use Write to make it" : before.why;
  throw new WorkerError("refused", `Cannot edit ${shown(path)}: ${why}`);
}

async function readBefore(
  found: FoundPath | undefined,
  { roots, files }: World,
  signal: AbortSignal,
): Promise<Before> {
  if (!found) return { type: "missing" };
  const knowledge = files.knowledgeOf(found.path, stampOf(found.info));
  if (knowledge === "unread") throw unseen(found, "it exists and was not read yet; Read it first");
  if (knowledge === "outdated") throw unseen(found, "it changed since it was read; Read it again");
  if (found.info.size > MAX_TEXT_BYTES) {
    const why = `file is ${found.info.size} bytes, expected at most ${MAX_TEXT_BYTES}`;
    return { type: "opaque", why };
  }
  await using file = await RegularFile.open(found, roots);
  return textIn(await file.bytes(MAX_TEXT_BYTES, signal));
}

function textIn(bytes: Uint8Array): Before {
  if (bytes.includes(0)) return { type: "opaque", why: "it is a binary file" };
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { type: "text", text: decoder.decode(bytes) };
  } catch {
    return { type: "opaque", why: "it is not UTF-8 text" }; // all that a fatal decoder throws for
  }
}

function diffOf(path: string, before: Before, after: string): UnifiedDiff {
  if (before.type === "missing") return unifiedDiff(path, undefined, after);
  if (before.type === "text") return unifiedDiff(path, before.text, after);
  return { ...unifiedDiff(path, "", after), truncated: true };
}

function unseen({ path }: FoundPath, why: string): WorkerError {
  return new WorkerError("refused", `Cannot write ${shown(path)}: ${why}`);
}
