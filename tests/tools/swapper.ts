// The program of swapped_link_test.ts: puts a folder and a link in turn under one name until it
// is ended. Argument: a folder with `name` (a folder) and `name.link` (a link) in it.
import { renameSync, rmSync } from "node:fs";

const name = `${Deno.args[0]}/name`;
for (;;) {
  move(name, `${name}.folder`);
  move(`${name}.link`, name);
  move(name, `${name}.link`);
  move(`${name}.folder`, name);
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    rmSync(to, { recursive: true, force: true }); // a tool made a folder where none was just then
    renameSync(from, to);
  }
}
