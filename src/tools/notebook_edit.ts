// NotebookEdit: replaces, inserts or deletes one cell of a Jupyter notebook.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { changeFile, expectText } from "./change_file.ts";
import { badInput, readInput } from "./input.ts";
import {
  type Cell,
  deleteCell,
  insertCell,
  type Notebook,
  readNotebook,
  replaceCell,
} from "./notebook.ts";
import { pathField, quoted, shown } from "./path_text.ts";
import type { HandsTool } from "./tool.ts";

const MAX_TOLD_CELLS = 30;

const input = z.object({
  notebook_path: pathField("The notebook to change. Absolute, or relative to the current folder."),
  cell_id: z.optional(
    z.string().check(z.describe(
      "The cell to replace or delete, or to insert after (without it: as the first one), by its id; \
where cells have none cell-0, cell-1 and so on.",
    )),
  ),
  new_source: z.string().check(z.describe("The whole new text of the cell; ignored by delete.")),
  cell_type: z.optional(
    z.enum(["code", "markdown"]).check(
      z.describe("What the cell is; unless given it stays what it is, and a new one is code."),
    ),
  ),
  edit_mode: z.optional(
    z.enum(["replace", "insert", "delete"]).check(z.describe("What to do; replace unless given.")),
  ),
});

export const notebookEditTool: HandsTool = {
  name: "NotebookEdit",
  runs: "hands",
  description:
    `Changes one cell of a Jupyter notebook (.ipynb, nbformat 4). The notebook must have been Read \
since it last changed (your own changes count as read). Replaced code loses its outputs; all else \
in the file stays as it is.`,
  input,
  arguments: "strict",
  prepare(raw) {
    const { notebook_path } = readRequest(raw);
    return { mutating: true, needs: [{ type: "write_file", path: notebook_path }] };
  },
  async perform(raw, world, signal) {
    const request = readRequest(raw);
    const change = await changeFile(request.notebook_path, (before, path) => {
      const notebook = readNotebook(expectText(before, path));
      if ("problem" in notebook) throw refused(path, notebook.problem);
      return { text: revise(notebook, request, path) };
    }, { world, signal });
    const result = `Notebook updated: ${change.path}`;
    return { success: true, result, display_preference: "Default" };
  },
};

type Request = z.output<typeof input>;

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const request = readInput(input, raw);
  const { edit_mode = "replace", cell_id } = request;
  if (cell_id === undefined && edit_mode !== "insert") {
    throw badInput("cell_id", `expected the cell to ${edit_mode}, got nothing`);
  }
  return request;
}

function revise(
  notebook: Notebook,
  { edit_mode = "replace", cell_id, cell_type, new_source }: Request,
  path: string,
): string {
  const cell = cell_id === undefined ? undefined : findCell(notebook, cell_id, path);
  if (edit_mode === "insert" || !cell) {
    const content = { source: new_source, type: cell_type ?? "code", newId };
    return insertCell(notebook, cell, content);
  }
  if (edit_mode === "delete") return deleteCell(notebook, cell);
  return replaceCell(notebook, cell, { source: new_source, type: cell_type ?? cell.type });
}

function findCell({ cells }: Notebook, id: string, path: string): Cell {
  const named = cells.filter((cell) => cell.id === id);
  if (named.length > 1) throw refused(path, `several cells have the id ${quoted(id)}`);
  const place = /^cell-(\d{1,9})$/.exec(id)?.[1];
  const cell = named[0] ?? (place === undefined ? undefined : cells[Number(place)]);
  if (cell) return cell;
  const names = cells.slice(0, MAX_TOLD_CELLS).map(({ id, type }, index) =>
    `${id === undefined ? `cell-${index}` : shown(id)} (${shown(type)})`
  );
  const more = cells.length > MAX_TOLD_CELLS ? ` and ${cells.length - MAX_TOLD_CELLS} more` : "";
  const there = cells.length === 0 ? "none" : `${names.join(", ")}${more}`;
  throw refused(path, `no cell has the id ${shown(id)}; there are ${there}`);
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

function refused(path: string, why: string): WorkerError {
  return new WorkerError("refused", `Cannot edit ${shown(path)}: ${why}`);
}
