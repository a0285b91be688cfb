// What the cage refused during a run, gathered from its frames, and which flag would allow each.
import * as z from "zod";
import { type AgentEvent, agentEventSchema } from "../core/event.ts";
import { isObject } from "../core/schema.ts";
import { readApproval } from "../host/approval_text.ts";
import { oneLine } from "../host/printable.ts";
import { visibleText } from "../host/visible_text.ts";
import type { ChildFrame } from "../protocol/frames.ts";
import { ruleFor } from "./approver.ts";
import { readRefusal, type Refusal } from "../core/refusal_line.ts";
import { counted } from "./tally.ts";
import { titleText, type ToolTitle, toolTitle } from "./tool_line.ts";
import type { Output } from "./view.ts";

const MAX_LINES = 10;

/** Events that are looked at; all others are not even read. */
const TELLING = new Set<unknown>(["tool_start", "tool_complete", "tool_error"]);

/** Tools whose refusals are results; any other's failed result may be a program's own words. */
const TELLING_TOOLS = new Set(["GetFileInfo", "Workspace"]);

export class Refusals {
  readonly #workspace: string;
  readonly #calls = new Map<string, ToolTitle>();
  /** Permissions that were asked for, by resource. */
  readonly #asked = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** Paths inside `workspace` are shown from there. */
  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  take(frame: ChildFrame): void {
    if (frame.kind === "approval_request") {
      const body = readApproval(frame.body);
      if (body) this.#asked.set(body.resource, body.permission);
    } else if (frame.kind === "event" && isObject(frame.event) && TELLING.has(frame.event.type)) {
      const event = z.safeParse(agentEventSchema, frame.event).data;
      if (event) this.#takeEvent(event);
    }
  }

  /** Lines on stderr: how many actions, then each once with its flag; nothing for none. */
  report(): readonly Output[] {
    if (this.#counts.size === 0) return [];
    const all = [...this.#counts];
    const total = all.reduce((sum, [, count]) => sum + count, 0);
    const more = all.length > MAX_LINES ? [`  and ${all.length - MAX_LINES} more`] : [];
    const lines = [
      `refused: ${counted(total, "action")}`,
      ...all.slice(0, MAX_LINES).map(([line, count]) =>
        `  ${line}${count > 1 ? ` (×${count})` : ""}`
      ),
      ...more,
    ];
    return [{ to: "stderr", text: lines.map((line) => `${line}\n`).join("") }];
  }

  #takeEvent(event: AgentEvent): void {
    if (event.type === "tool_start") {
      this.#calls.set(event.tool_call_id, toolTitle(event, this.#workspace));
    } else if (event.type === "tool_error") {
      this.#add(this.#end(event.tool_call_id), event.error);
    } else if (event.type === "tool_complete") {
      const title = this.#end(event.tool_call_id);
      const isTelling = !event.result.success && TELLING_TOOLS.has(title?.name ?? "");
      if (isTelling) this.#add(title, event.result.result);
    }
  }

  #end(id: string): ToolTitle | undefined {
    const title = this.#calls.get(id);
    this.#calls.delete(id);
    return title;
  }

  #add(title: ToolTitle | undefined, text: string): void {
    const refusal = readRefusal(text);
    if (!refusal) return;
    const what = title ? titleText(title) : nameOf(refusal);
    const line = `${what} · ${this.#hint(refusal)}`;
    this.#counts.set(line, (this.#counts.get(line) ?? 0) + 1);
  }

  #hint(refusal: Refusal): string {
    switch (refusal.type) {
      case "ungranted":
        return grantHint(refusal);
      case "ungranted_host":
        return `allow with --host ${shellWord(refusal.host) ?? "HOST:PORT"}`;
      case "protected":
        return `${oneLine(refusal.name, 60)} is protected, no flag allows it`;
      case "denied":
        return `allow with --approve ${ruleFor(this.#asked.get(refusal.resource) ?? "")}`;
      case "unavailable":
        return refusal.why === "capabilities.sandbox.commands is false"
          ? "allow with --commands on"
          : oneLine(refusal.why, 300);
      case "disabled":
        return "in the spec's disabled_tools";
    }
  }
}

function nameOf(refusal: Refusal): string {
  return "tool" in refusal ? refusal.tool : "a tool";
}

function grantHint({ access, path }: Extract<Refusal, { type: "ungranted" }>): string {
  const word = path === undefined ? undefined : shellWord(path);
  return word === undefined
    ? `allow with --${access} and its path, which cannot be shown here`
    : `allow with --${access} ${word}`;
}

/** The path as one word of a shell; undefined if it holds what cannot be seen. */
function shellWord(path: string): string | undefined {
  if (visibleText(path) !== path) return undefined;
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
