import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { notebookEditTool } from "../../src/tools/notebook_edit.ts";
import { readTool } from "../../src/tools/read.ts";
import { ToolWorld } from "./tool_world.ts";

const NOTEBOOK = JSON.stringify({
  cells: [
    { cell_type: "code", execution_count: 1, id: "one", metadata: {}, outputs: [], source: "1" },
    { cell_type: "markdown", id: "two", metadata: {}, source: "# Two" },
    { cell_type: "raw", id: "two-b", metadata: {}, source: "x" },
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

/** A notebook that has been read. */
async function worldWith(text = NOTEBOOK): Promise<ToolWorld> {
  const place = new ToolWorld({ "a.ipynb": text });
  await place.text(readTool, { file_path: "a.ipynb" });
  return place;
}

function cellsIn(place: ToolWorld): [type: string, source: string][] {
  const { cells } = JSON.parse(readFileSync(place.path("a.ipynb"), "utf8"));
  return cells.map((cell: { cell_type: string; source: string }) => [cell.cell_type, cell.source]);
}

const NAMED = { notebook_path: "a.ipynb", new_source: "new" };

Deno.test("NotebookEdit replaces, inserts and deletes, one after the other", async () => {
  await using place = await worldWith();
  assert.deepEqual(await place.call(notebookEditTool, { ...NAMED, cell_id: "one" }), {
    success: true,
    result: `Notebook updated: ${place.path("a.ipynb")}`,
    display_preference: "Default",
  });
  const raw = { ...NAMED, cell_id: "two-b" };
  await place.text(notebookEditTool, raw);
  await place.text(notebookEditTool, { ...NAMED, cell_id: "two", cell_type: "code" });
  await place.text(notebookEditTool, { ...NAMED, edit_mode: "insert", cell_type: "markdown" });
  await place.text(notebookEditTool, { ...raw, edit_mode: "insert", new_source: "last" });
  await place.text(notebookEditTool, { ...NAMED, cell_id: "one", edit_mode: "delete" });
  assert.deepEqual(cellsIn(place), [
    ["markdown", "new"],
    ["code", "new"],
    ["raw", "new"],
    ["code", "last"],
  ]);
});

Deno.test("NotebookEdit names cells without ids by their place", async () => {
  await using place = await worldWith(NOTEBOOK.replaceAll(/"id":"[^"]*",/g, ""));
  await place.text(notebookEditTool, { ...NAMED, cell_id: "cell-1" });
  assert.deepEqual(cellsIn(place)[1], ["markdown", "new"]);
});

Deno.test("NotebookEdit refuses what it cannot edit, and changes nothing", async () => {
  const there = 'there are "one" ("code"), "two" ("markdown"), "two-b" ("raw")';
  const cannot = 'refused: Cannot edit "/workspace/a.ipynb"';
  const table: readonly (readonly [text: string, args: Record<string, unknown>, line: string])[] = [
    [NOTEBOOK, { cell_id: "three" }, `${cannot}: no cell has the id "three"; ${there}`],
    [NOTEBOOK, { cell_id: "cell-3" }, `${cannot}: no cell has the id "cell-3"; ${there}`],
    [NOTEBOOK, { cell_id: "" }, `${cannot}: no cell has the id ""; ${there}`],
    [
      NOTEBOOK.replace("two-b", "two"),
      { cell_id: "two" },
      `${cannot}: several cells have the id "two"`,
    ],
    [
      NOTEBOOK.replace('"nbformat":4', '"nbformat":3'),
      { cell_id: "one" },
      `${cannot}: it is not a notebook of nbformat 4 (see nbformat)`,
    ],
    ["{", { cell_id: "one" }, `${cannot}: it is not JSON, expected a notebook`],
    ["\xff\0", { cell_id: "one" }, `${cannot}: it is a binary file`],
    [
      NOTEBOOK,
      { notebook_path: "b.ipynb", edit_mode: "insert" },
      'refused: Cannot edit "/workspace/b.ipynb": no such file; use Write to make it',
    ],
    [NOTEBOOK, {}, "bad_input: cell_id: expected the cell to replace, got nothing"],
    [
      NOTEBOOK,
      { edit_mode: "delete" },
      "bad_input: cell_id: expected the cell to delete, got nothing",
    ],
  ];
  for (const [text, args, line] of table) {
    await using place = await worldWith(text);
    assert.equal(await place.refusal(notebookEditTool, { ...NAMED, ...args }), line);
    assert.equal(readFileSync(place.path("a.ipynb"), "utf8"), text);
  }
});

Deno.test("NotebookEdit edits only a notebook that was read as it is", async () => {
  await using place = new ToolWorld({ "a.ipynb": NOTEBOOK });
  const args = { ...NAMED, cell_id: "one" };
  assert.equal(
    await place.refusal(notebookEditTool, args),
    'refused: Cannot write "/workspace/a.ipynb": it exists and was not read yet; Read it first',
  );
  await place.text(readTool, { file_path: "a.ipynb" });
  place.put("a.ipynb", `${NOTEBOOK}\n`);
  assert.equal(
    await place.refusal(notebookEditTool, args),
    'refused: Cannot write "/workspace/a.ipynb": it changed since it was read; Read it again',
  );
});

Deno.test("NotebookEdit.prepare() needs the notebook to be written", () => {
  assert.deepEqual(notebookEditTool.prepare({ ...NAMED, cell_id: "one" }), {
    mutating: true,
    needs: [{ type: "write_file", path: "a.ipynb" }],
  });
});
