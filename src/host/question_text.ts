// A question on which a run waits, as people see it at a terminal.
import * as z from "zod";
import { acceptedAnswer } from "../core/answer.ts";
import { type AgentEvent, agentEventSchema } from "../core/event.ts";
import { SHOWN_ROWS, SURE_COLUMNS, WIDEST_PIECE } from "../core/question_rows.ts";
import type { ChildFrame } from "../protocol/frames.ts";
import { block, blockWidth, nameRows, usableColumns } from "./framed_text.ts";

/** wire: AgentEvent need_clarification. */
export type AskedQuestion = Extract<AgentEvent, { type: "need_clarification" }>;

/** Undefined for every other frame. */
export function readQuestion(frame: ChildFrame): AskedQuestion | undefined {
  if (frame.kind !== "event") return undefined;
  const event = z.safeParse(agentEventSchema, frame.event).data;
  return event?.type === "need_clarification" ? event : undefined;
}

export type QuestionScene = { readonly agentId: string; readonly columns: number };

/** Several lines that end with a newline; where the answer is typed is the caller's. */
export function questionText(
  { question, options, allow_custom }: AskedQuestion,
  scene: QuestionScene,
): string {
  const columns = usableColumns(scene.columns);
  const choices = options ?? [];
  const rows = choices.flatMap((option, at) => nameRows(`[${at + 1}]`, option, columns));
  const own = choices.length > 0 && allow_custom ? ["  or an answer of your own"] : [];
  return [
    "An agent asks, and waits for the answer:",
    ...nameRows("agent", scene.agentId, columns),
    ...block(question, columns, { rows: rowsFor(columns), bytes: Infinity }),
    ...rows,
    ...own,
    "",
  ].join("\n");
}

/**
 * What is meant by a line typed below that text: an option by its text or its number, or an answer
 * of the person's own; undefined for none. Numbers are ours alone: a worker is sent the text.
 */
export function readAnswer(
  { question, options, allow_custom }: AskedQuestion,
  line: string,
): string | undefined {
  const subject = { type: "anything" } as const;
  const asked = { question, options: options ?? [], allowCustom: allow_custom, subject };
  const accepted = acceptedAnswer(asked, line);
  return accepted.type === "accepted" ? accepted.answer : undefined;
}

/** What takes SHOWN_ROWS rows at 80 columns takes no more than these here. */
function rowsFor(columns: number): number {
  return SHOWN_ROWS * Math.ceil(SURE_COLUMNS / (blockWidth(columns) - WIDEST_PIECE + 1));
}
