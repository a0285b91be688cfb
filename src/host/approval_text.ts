// What an approver sees: the act as data, its words made visible, nothing hidden or cut unsaid.
import { createHash } from "node:crypto";
import { isObject } from "../core/schema.ts";
import { block, counted, nameRows, usableColumns } from "./framed_text.ts";

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
  /** The rule by which it is asked at all. */
  readonly why: string;
  /** Of the terminal. No line of ours is wider, so that no word of an agent begins a row. */
  readonly columns: number;
};

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
  const columns = usableColumns(scene.columns);
  const bytes = new TextEncoder().encode(resource);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const row = (name: string, value: string) => nameRows(name, value, columns);
  return [
    "An agent asks to act:",
    ...row("agent", scene.agentId),
    ...row("act", permission),
    ...row("tool", tool),
    ...row("folder", scene.workspace),
    ...row("level", scene.level),
    ...row("why", scene.why),
    ...row("resource", `${counted([...resource].length, "character")}, sha256 ${hash}`),
    ...block(resource, columns),
    "",
  ].join("\n");
}
