// One parser for all tests of command lines.
import { readFile } from "node:fs/promises";
import { systemClock } from "../../src/base/clock.ts";
import { ShellParser } from "../../src/permissions/shell_parser.ts";

let loaded: Promise<ShellParser> | undefined;

export function loadShellParser(): Promise<ShellParser> {
  return loaded ??= load();
}

async function load(): Promise<ShellParser> {
  const [core, language] = await Promise.all([
    bytesOf("web-tree-sitter/web-tree-sitter.wasm"),
    bytesOf("tree-sitter-bash/tree-sitter-bash.wasm"),
  ]);
  return await ShellParser.load({ core, language }, { clock: systemClock });
}

async function bytesOf(specifier: string): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(import.meta.resolve(specifier))));
}
