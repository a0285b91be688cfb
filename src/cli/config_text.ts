// A configuration file's text, read to its values, with the line of each. Pure.
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter } from "yaml";
import { WorkerError } from "../core/errors.ts";
import { readPlainYaml } from "../core/plain_yaml.ts";
import { oneLine } from "../host/printable.ts";
import { type ConfigIssue, type ConfigValues, readConfigValues } from "./config_values.ts";

export type Config = {
  readonly path: string;
  readonly values: ConfigValues;
  /** The line, from 1 up, where a key stands: `["limits", "max_rounds"]`. */
  readonly lineOf: (key: readonly PropertyKey[]) => number;
};

export type ConfigTextOptions = {
  /** For messages. */
  readonly path: string;
  /** What `~/` in the file's paths stands for. */
  readonly home: string | undefined;
};

/** @throws WorkerError `bad_input`: `/…/config.yaml:7: unknown key "modell", expected …`. */
export function parseConfig(bytes: Uint8Array, { path, home }: ConfigTextOptions): Config {
  const bad = (line: number, message: string) =>
    new WorkerError("bad_input", `${path}:${line}: ${oneLine(message, 400)}`);
  const text = decoded(bytes);
  if (text === undefined) throw bad(badLine(bytes), "not UTF-8");
  const lines = new LineCounter();
  const parsed = readPlainYaml(text, { lineCounter: lines });
  if (parsed.type === "bad") throw bad(lines.linePos(parsed.at).line || 1, parsed.why);
  const { document, value } = parsed;
  const lineOf = (key: readonly PropertyKey[]) => lines.linePos(offsetOf(document, key)).line || 1;
  const read = readConfigValues(value ?? {}, home);
  if (read.type === "values") return { path, values: read.values, lineOf };
  const { line, message } = firstOf(read.issues, lineOf);
  throw bad(line, message);
}

/** Where the deepest part of `key` that is there begins. */
function offsetOf(document: Document.Parsed, key: readonly PropertyKey[]): number {
  let offset = 0;
  let node: unknown = document.contents;
  for (const name of key) {
    const found = partOf(node, name);
    if (!found) break;
    ({ offset, node } = found);
  }
  return offset;
}

function partOf(
  node: unknown,
  name: PropertyKey,
): { readonly offset: number; readonly node: unknown } | undefined {
  const item = isMap(node)
    ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(name))
    : isSeq(node)
    ? node.items[Number(name)]
    : undefined;
  const start = isPair(item) ? item.key : item;
  if (!isNode(start)) return undefined;
  return { offset: start.range?.[0] ?? 0, node: isPair(item) ? item.value : item };
}

function firstOf(
  issues: readonly ConfigIssue[],
  lineOf: Config["lineOf"],
): { readonly line: number; readonly message: string } {
  const lines = issues.map(({ path, message }) => ({ line: lineOf(path), message }));
  return lines.toSorted((a, b) => a.line - b.line)[0] ?? { line: 1, message: "not valid" };
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A newline is never a part of another character, so each line can be tried on its own. */
function badLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(10, start);
    const stop = end === -1 ? bytes.length : end;
    if (decoded(bytes.subarray(start, stop)) === undefined) return line;
    start = stop + 1;
  }
  return line;
}
