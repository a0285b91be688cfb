// A run for a person who watches: the model's words on stdout as they come, all else on stderr.
import * as z from "zod";
import { type AgentEvent, agentEventSchema } from "../core/event.ts";
import type { Price } from "../core/prices.ts";
import type { ReceivedFrame } from "../host/client.ts";
import { oneLine, printable } from "../host/printable.ts";
import type { TerminalFrame } from "../protocol/frames.ts";
import { type ResultOptions, resultText, troubleLine } from "./run_end.ts";
import { counted, Tally } from "./tally.ts";
import { doneLine, failedLine, titleText, type ToolTitle, toolTitle } from "./tool_line.ts";
import type { Output, RunAbout, View } from "./view.ts";

export type LiveOptions = ResultOptions & {
  readonly agentId: string;
  readonly workspace: string;
  /** Of the model; undefined where none is known. */
  readonly price?: Price | undefined;
};

export class LiveView implements View {
  readonly #options: LiveOptions;
  readonly #tally: Tally;
  readonly #calls = new Map<string, ToolTitle>();
  /** What the assistant has said since the round began. */
  #message = "";
  #isLineOpen = false;
  #contextTokens = 0;
  /** What the worker told of its waiting for the model, until the model says something. */
  #waiting: string | undefined;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#tally = new Tally(options.workspace, options.price);
  }

  get activity(): string {
    const call = [...this.#calls.values()].at(-1);
    return [
      this.#options.agentId,
      `round ${Math.max(this.#tally.rounds, 1)}`,
      call ? titleText(call) : this.#waiting ?? "waiting for the model",
      ...(this.#contextTokens > 0 ? [counted(this.#contextTokens, "token")] : []),
    ].join(" · ");
  }

  open({ version, agentId, level, model, workspace }: RunAbout): readonly Output[] {
    const parts = [
      `sheath ${version}`,
      agentId,
      `level ${level}`,
      `model ${model}`,
      `folder ${workspace}`,
    ];
    return [this.#note(parts.map((part) => oneLine(part)).join(" · "))];
  }

  take({ frame }: ReceivedFrame): readonly Output[] {
    switch (frame.kind) {
      case "event": {
        // Hosts drop events they do not know (wire: drive).
        const event = z.safeParse(agentEventSchema, frame.event).data;
        return event ? this.#takeEvent(event) : [];
      }
      case "terminal":
        return this.#takeTerminal(frame);
      case "approval_request":
      case "subagent_request":
        return this.#endLine();
    }
  }

  close(seconds: number): readonly Output[] {
    return [this.#note(this.#tally.summary(seconds))];
  }

  #takeEvent(event: AgentEvent): readonly Output[] {
    this.#tally.take(event);
    if (event.type === "token") return this.#say(event.content);
    if (event.type === "runner_progress") {
      this.#message = "";
      return this.#endLine();
    }
    if (event.type === "token_budget_updated") {
      this.#waiting = undefined;
      this.#contextTokens = event.usage.total_tokens;
    } else if (event.type === "tool_start") {
      this.#calls.set(event.tool_call_id, toolTitle(event, this.#options.workspace));
      return this.#endLine();
    } else if (event.type === "tool_complete") {
      const { success, result } = event.result;
      return this.#endCall(event.tool_call_id, { success, text: result });
    } else if (event.type === "tool_error") {
      return this.#endCall(event.tool_call_id, { success: false, text: event.error });
    } else if (event.type === "notification") {
      this.#waiting = event.category === "model" ? oneLine(event.title, 80) : undefined;
      return [...this.#endLine(), this.#note(oneLine(`${event.title}: ${event.body}`, 400))];
    }
    return [];
  }

  #say(content: string): readonly Output[] {
    if (content === "") return [];
    this.#message += content;
    this.#isLineOpen = !content.endsWith("\n");
    return [{ to: "stdout", text: this.#options.isTerminal ? printable(content) : content }];
  }

  #endCall(id: string, outcome: { success: boolean; text: string }): readonly Output[] {
    const title = this.#calls.get(id);
    this.#calls.delete(id);
    const line = outcome.success ? doneLine : failedLine;
    const text = line(title, outcome.text, this.#options.style);
    return [...this.#endLine(), { to: "stderr", text }];
  }

  #takeTerminal(frame: TerminalFrame): readonly Output[] {
    if (frame.status === "suspended") return this.#endLine();
    const result = this.#message === "" ? resultText(frame, this.#options) : [];
    return [...this.#endLine(), ...result, ...troubleLine(frame, this.#options)];
  }

  /** What comes next begins on a line of its own. */
  #endLine(): readonly Output[] {
    if (!this.#isLineOpen) return [];
    this.#isLineOpen = false;
    return [{ to: "stdout", text: "\n" }];
  }

  #note(text: string): Output {
    return { to: "stderr", text: `${this.#options.style.dim(text)}\n` };
  }
}
