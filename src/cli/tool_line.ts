// One line for people about one tool call: its name, what it was about, how it went.
import { withSlashes } from "../base/path_system.ts";
import type { AgentEventOf } from "../core/event.ts";
import { isObject } from "../core/schema.ts";
import { oneLine } from "../host/printable.ts";
import type { Style } from "./style.ts";

const MAX_ARGUMENT = 80;
/** Long enough for a refusal with the grant that would help, which stands at its end. */
const MAX_ERROR = 600;

/** Arguments that say what a call is about, the most telling first. */
const TELLING = ["file_path", "notebook_path", "command", "pattern", "path", "url", "query"];

/** A call as it was asked for. */
export type ToolTitle = { readonly name: string; readonly argument: string };

/** Paths inside `workspace` are shown from there. */
export function toolTitle(event: AgentEventOf<"tool_start">, workspace: string): ToolTitle {
  const given = isObject(event.arguments) ? event.arguments : {};
  const telling = TELLING.map((name) => given[name]).find(isText) ??
    Object.values(given).find(isText) ?? "";
  const inside = withSlashes(telling).startsWith(`${withSlashes(workspace)}/`)
    ? telling.slice(workspace.length + 1)
    : telling;
  return { name: oneLine(event.tool_name, 60), argument: oneLine(inside, MAX_ARGUMENT) };
}

/** A title on its own. */
export function titleText({ name, argument }: ToolTitle): string {
  return argument === "" ? name : `${name} ${argument}`;
}

/** `title` is undefined for a call that was refused before it began. */
export function doneLine(title: ToolTitle | undefined, result: string, style: Style): string {
  const size = style.dim(sizeText(new TextEncoder().encode(result).length));
  return `${style.good("✓")} ${title ? `${titleText(title)}  ` : ""}${size}\n`;
}

export function failedLine(title: ToolTitle | undefined, error: string, style: Style): string {
  const what = oneLine(programEnd(title, error) ?? error, MAX_ERROR) || "failed";
  return `${style.bad("✗")} ${title ? `${titleText(title)}  ` : ""}${style.bad(what)}\n`;
}

/** Tools whose result is the end of a program, as JSON. */
const PROGRAMS = new Set(["Bash", "js_repl"]);

/** How a program ended, and the last it had to say; undefined for any other result. */
function programEnd(title: ToolTitle | undefined, result: string): string | undefined {
  if (!title || !PROGRAMS.has(title.name)) return undefined;
  const end = parsed(result);
  if (!isObject(end) || typeof end.exit_code !== "number") return undefined;
  const how = end.timed_out === true ? "timed out" : `exit ${end.exit_code}`;
  const said = [end.stderr, end.stdout].filter(isText).map((text) => text.trimEnd()).find(isText);
  const last = said?.split("\n").at(-1);
  return last === undefined ? how : `${how}: ${last}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // an error of the tool itself
  }
}

function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
