// Calls of tools, each with the shell command that does the same outside of the cage.
import type { Step } from "./attack_case.ts";

/** A command; the same text is its control. Working folder is the case's own. */
export function bash(command: string, more: Readonly<Record<string, unknown>> = {}): Step {
  return { tool: "Bash", args: { command, timeout: 8_000, ...more }, control: command };
}

export function read(path: string): Step {
  return { tool: "Read", args: { file_path: path }, control: `cat ${quoted(path)}` };
}

export function grep(path: string): Step {
  const args = { pattern: ".", path, output_mode: "content" };
  return { tool: "Grep", args, control: `cat ${quoted(path)}` };
}

/** Tells the names in a folder. */
export function glob(path: string, pattern = "**/*"): Step {
  return { tool: "Glob", args: { pattern, path }, control: `ls -a ${quoted(path)}/.` };
}

export function getFileInfo(path: string): Step {
  return { tool: "GetFileInfo", args: { path }, control: `stat ${quoted(path)}` };
}

export function write(path: string, content = "overwritten\n"): Step {
  const control = `printf %s ${quoted(content)} > ${quoted(path)}`;
  return { tool: "Write", args: { file_path: path, content }, control };
}

export function edit(path: string, from: string, to = "changed"): Step {
  const args = { file_path: path, old_string: from, new_string: to };
  return {
    tool: "Edit",
    args,
    control: `sed -i --follow-symlinks ${quoted(`s/${from}/${to}/`)} ${quoted(path)}`,
  };
}

export function workspace(path: string): Step {
  return { tool: "Workspace", args: { path }, control: `cd ${quoted(path)} && pwd` };
}

/** A piece of JavaScript; outside there is a shell for the same end. */
export function js(code: string, control: string): Step {
  return { tool: "js_repl", args: { code, timeout_ms: 4_000 }, control };
}

/** One word for the shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
