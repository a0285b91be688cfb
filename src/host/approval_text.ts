// What an approver sees: the act as data, its words made visible, nothing hidden or cut unsaid.
import { createHash } from "node:crypto";
import { isObject } from "../core/schema.ts";
import { escaped, oneLine } from "./printable.ts";

/** The body of an approval request (wire: ParentFrame); anything else is refused unseen. */
export type ApprovalBody = {
  readonly tool_name: string;
  readonly permission: string;
  readonly resource: string;
};

export type ApprovalScene = {
  readonly agentId: string;
  readonly level: string;
  readonly workspace: string;
};

const MAX_SHOWN = 4096;
const MAX_LINES = 40;
const WIDTH = 76;

/** Undefined for what is no such body: nobody can say yes to it. */
export function readApproval(body: unknown): ApprovalBody | undefined {
  if (!isObject(body)) return undefined;
  const { tool_name, permission, resource } = body;
  return typeof tool_name === "string" && typeof permission === "string" &&
      typeof resource === "string"
    ? { tool_name, permission, resource }
    : undefined;
}

/** Several lines that end with a newline; the question itself is the caller's. */
export function approvalText(body: ApprovalBody, scene: ApprovalScene): string {
  const { permission, tool_name: tool, resource } = body;
  const bytes = new TextEncoder().encode(resource);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return [
    "An agent asks to act:",
    `  agent     ${oneLine(scene.agentId, 200)}`,
    `  act       ${oneLine(permission, 80)}, by the tool ${oneLine(tool, 80)}`,
    `  folder    ${oneLine(scene.workspace, 400)}`,
    `  level     ${oneLine(scene.level, 40)}`,
    `  resource  ${bytes.length} bytes, sha256 ${hash}`,
    ...block(resource),
    "",
  ].join("\n");
}

/** The resource between bars, at most 4096 characters and 40 lines of it. */
function block(resource: string): string[] {
  const visible = visibleText(resource);
  const lines = wrapped(visible.slice(0, MAX_SHOWN)).slice(0, MAX_LINES);
  const left = visible.length - lines.reduce((sum, line) => sum + line.length, 0);
  const cut = left > 0 ? [`  └ cut here: ${left} more characters are not shown`] : [];
  const mixed = MIXED_SCRIPTS.test(resource)
    ? ["  └ a word here mixes letters of different scripts"]
    : [];
  return [...lines.map((line) => `  │ ${line}`), ...cut, ...mixed];
}

/**
 * The text on one line in which every character can be seen: controls and invisible ones as
 * escapes, newlines as ⏎, runs of either newlines or spaces counted.
 */
export function visibleText(text: string): string {
  return text
    .replace(/\r?\n(?:[ \t]*\r?\n)+/g, (run) => `⏎×${run.split("\n").length - 1}`)
    .replace(/\n/g, "⏎")
    .replace(/ {4,}/g, (run) => `␠×${run.length}`)
    .replace(INVISIBLE, escaped);
}

/** Controls, formats, fillers, and every space that is not U+0020. */
const INVISIBLE =
  /(?! )[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A word with Latin letters and letters that look like Latin ones. */
const MIXED_SCRIPTS =
  /\p{Script=Latin}[\p{L}\p{M}\p{N}_-]*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]|[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}][\p{L}\p{M}\p{N}_-]*\p{Script=Latin}/u;

/** At every newline, and where a line would be too wide. */
function wrapped(visible: string): string[] {
  return visible.split(/(?<=⏎(?:×\d+)?)(?![×\d])/u).flatMap((line) => {
    const characters = [...line];
    const pieces: string[] = [];
    for (let at = 0; at < characters.length; at += WIDTH) {
      pieces.push(characters.slice(at, at + WIDTH).join(""));
    }
    return pieces;
  });
}
