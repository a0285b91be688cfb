import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  type Cell,
  deleteCell,
  insertCell,
  type Notebook,
  readNotebook,
  replaceCell,
} from "../../src/tools/notebook.ts";

/** As Jupyter writes it, with what other programs add. */
const TEXT = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "one",
   "metadata": {"big": 12345678901234567890, "ratio": 1.0},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": ["]}"]
    }
   ],
   "source": [
    "a = 1\\n",
    "print(a)"
   ]
  },
  {
   "attachments": {},
   "cell_type": "markdown",
   "id": "two",
   "metadata": {},
   "source": "# T\\u00eftle"
  }
 ],
 "metadata": {"2": {}, "1": {}},
 "nbformat": 4,
 "nbformat_minor": 5
}
`;

function read(text: string): Notebook {
  const notebook = readNotebook(text);
  assert.ok("cells" in notebook, JSON.stringify(notebook));
  return notebook;
}

function cellOf({ cells }: Notebook, index: number): Cell {
  const cell = cells[index];
  assert.ok(cell);
  return cell;
}

const newId = () => "fresh";

Deno.test("readNotebook() tells the cells", () => {
  const { hasIds, cells } = read(TEXT);
  assert.equal(hasIds, true);
  assert.deepEqual(
    cells.map(({ at, ...cell }) => ({ ...cell, start: TEXT.slice(at.start, at.start + 8) })),
    [
      { id: "one", type: "code", hasLines: true, start: '{\n   "ce' },
      { id: "two", type: "markdown", hasLines: false, start: '{\n   "at' },
    ],
  );
});

Deno.test("readNotebook() says why a text is no notebook", () => {
  const none = "it is not a notebook of nbformat 4";
  const table: readonly (readonly [text: string, problem: string])[] = [
    ["", "it is not JSON, expected a notebook"],
    ['{"cells": [', "it is not JSON, expected a notebook"],
    ["[]", none],
    ["null", none],
    ['{"nbformat": 3, "cells": []}', `${none} (see nbformat)`],
    ['{"nbformat": "4", "cells": []}', `${none} (see nbformat)`],
    ['{"nbformat": 4}', `${none} (see cells)`],
    ['{"nbformat": 4, "cells": {}}', `${none} (see cells)`],
    ['{"nbformat": 4, "cells": [3]}', `${none} (see cells.0)`],
    ['{"nbformat": 4, "cells": [{"cell_type": "code"}]}', `${none} (see cells.0.source)`],
    [
      '{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
      `${none} (see cells.0.source)`,
    ],
  ];
  for (const [text, problem] of table) assert.deepEqual(readNotebook(text), { problem }, text);
});

Deno.test("replaceCell() of code clears its outputs, and nothing else changes", () => {
  const notebook = read(TEXT);
  const changed = replaceCell(notebook, cellOf(notebook, 0), {
    source: 'b = "é"\nb\n',
    type: "code",
  });
  const expected = TEXT
    .replace('"execution_count": 3', '"execution_count": null')
    .replace(/"outputs": \[\n[^]*?\n {3}\]/, '"outputs": []')
    .replace(
      '[\n    "a = 1\\n",\n    "print(a)"\n   ]',
      '[\n    "b = \\"é\\"\\n",\n    "b\\n"\n   ]',
    );
  assert.equal(changed, expected);
});

Deno.test("replaceCell() of markdown keeps a source that is one text", () => {
  const notebook = read(TEXT);
  const changed = replaceCell(notebook, cellOf(notebook, 1), { source: "x\ny", type: "markdown" });
  assert.equal(changed, TEXT.replace('"# T\\u00eftle"', '"x\\ny"'));
});

Deno.test("replaceCell() turns one type into the other, with the fields that it has", () => {
  const notebook = read(TEXT);
  const text = replaceCell(notebook, cellOf(notebook, 0), { source: "", type: "markdown" });
  const expected = TEXT
    .replace('"cell_type": "code"', '"cell_type": "markdown"')
    .replace('   "execution_count": 3,\n', "")
    .replace(/ {3}"outputs": \[\n[^]*?\n {3}\],\n/, "")
    .replace('[\n    "a = 1\\n",\n    "print(a)"\n   ]', "[]");
  assert.equal(text, expected);
  const code = replaceCell(notebook, cellOf(notebook, 1), { source: "1", type: "code" });
  assert.equal(
    code,
    TEXT.replace('   "attachments": {},\n', "")
      .replace('"cell_type": "markdown"', '"cell_type": "code"')
      .replace(
        '"# T\\u00eftle"\n',
        '"1",\n   "execution_count": null,\n   "outputs": []\n',
      ),
  );
});

const NEW_CELL = `{
   "cell_type": "code",
   "execution_count": null,
   "id": "fresh",
   "metadata": {},
   "outputs": [],
   "source": [
    "1"
   ]
  }`;

Deno.test("insertCell() puts a cell first, between and last", () => {
  const notebook = read(TEXT);
  const content = { source: "1", type: "code", newId };
  const first = insertCell(notebook, undefined, content);
  assert.equal(first, TEXT.replace('"cells": [\n  ', `"cells": [\n  ${NEW_CELL},\n  `));
  const between = insertCell(notebook, cellOf(notebook, 0), content);
  assert.equal(between, TEXT.replace("  },\n  {", `  },\n  ${NEW_CELL},\n  {`));
  const last = insertCell(notebook, cellOf(notebook, 1), content);
  assert.equal(last, TEXT.replace("  }\n ],", `  },\n  ${NEW_CELL}\n ],`));
});

Deno.test("insertCell() makes an id that no cell has, and only where cells have ids", () => {
  const notebook = read(TEXT);
  const ids = ["one", "two", "three"];
  const newId = () => ids.shift() ?? "";
  const made = JSON.parse(insertCell(notebook, undefined, { source: "", type: "code", newId }));
  assert.equal(made.cells[0].id, "three");
  const old = read(TEXT.replace('"nbformat_minor": 5', '"nbformat_minor": 4'));
  const content = { source: "# x", type: "markdown", newId };
  const [first] = JSON.parse(insertCell(old, undefined, content)).cells;
  assert.deepEqual(first, { cell_type: "markdown", metadata: {}, source: ["# x"] });
});

Deno.test("deleteCell() and insertCell() know an empty notebook and keep the file's manner", () => {
  const table: readonly (readonly [text: string, empty: string, filled: string])[] = [
    [
      '{"nbformat":4,"cells":[ {"cell_type":"raw","source":"x"} ],"metadata":{}}',
      '{"nbformat":4,"cells":[],"metadata":{}}',
      '{"nbformat":4,"cells":[{"cell_type":"markdown","metadata":{},"source":["a\\n","b"]}],"metadata":{}}',
    ],
    [
      '{\r\n\t"nbformat": 4,\r\n\t"cells": [\r\n\t\t{"cell_type":"raw","source":"x"}\r\n\t]\r\n}',
      '{\r\n\t"nbformat": 4,\r\n\t"cells": []\r\n}',
      '{\r\n\t"nbformat": 4,\r\n\t"cells": [\r\n\t\t{\r\n\t\t\t"cell_type": "markdown",\r\n' +
      '\t\t\t"metadata": {},\r\n\t\t\t"source": [\r\n\t\t\t\t"a\\n",\r\n\t\t\t\t"b"\r\n' +
      "\t\t\t]\r\n\t\t}\r\n\t]\r\n}",
    ],
  ];
  for (const [text, empty, filled] of table) {
    const notebook = read(text);
    assert.equal(deleteCell(notebook, cellOf(notebook, 0)), empty);
    const content = { source: "a\nb", type: "markdown", newId };
    assert.equal(insertCell(read(empty), undefined, content), filled);
  }
});

Deno.test("changes of any notebook change what they should, and no more", () => {
  const extra = fc.dictionary(
    fc.string().filter((key) => !["cell_type", "id", "source", "outputs"].includes(key)),
    fc.jsonValue(),
    { maxKeys: 3 },
  );
  const source = fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 3 }));
  const cell = fc.tuple(extra, source).map(([extra, source]) => ({
    ...extra,
    cell_type: "markdown",
    source,
  }));
  const input = fc.record({
    cells: fc.array(cell, { minLength: 1, maxLength: 4 }),
    at: fc.nat(3),
    metadata: extra,
    indent: fc.constantFrom("", " ", "\t", "  "),
    added: fc.string(),
  });
  fc.assert(fc.property(input, ({ cells, at, metadata, indent, added }) => {
    const text = JSON.stringify({ nbformat: 4, cells, metadata }, null, indent);
    const plain = JSON.parse(text);
    const notebook = read(text);
    const index = at % cells.length;
    const target = cellOf(notebook, index);
    const content = { source: added, type: "markdown", newId };
    const joined = ({ source }: { source: string | string[] }) => [source].flat().join("");

    const replaced = JSON.parse(replaceCell(notebook, target, content));
    assert.equal(joined(replaced.cells[index]), added);
    replaced.cells[index].source = plain.cells[index].source;
    assert.deepEqual(replaced, plain);

    const inserted = JSON.parse(insertCell(notebook, target, content));
    assert.equal(joined(inserted.cells.splice(index + 1, 1)[0]), added);
    assert.deepEqual(inserted, plain);

    const deleted = deleteCell(notebook, target);
    plain.cells.splice(index, 1);
    assert.deepEqual(JSON.parse(deleted), plain);
  }));
});
