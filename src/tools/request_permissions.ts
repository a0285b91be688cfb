// request_permissions: asks the user for permissions before they are needed.
import * as z from "zod";
import { PERMISSION_OPTIONS } from "../core/answer.ts";
import { descriptionOf, PERMISSIONS, riskOf } from "../core/permission.ts";
import { rowsAtMost, SURE_COLUMNS } from "../core/question_rows.ts";
import { meaningOf } from "../core/resource_pattern.ts";
import { atOnce } from "./at_once.ts";
import { badInput, readInput, someText } from "./input.ts";
import { quoted } from "./path_text.ts";
import { pauseOutcome } from "./pause_outcome.ts";
import type { AgentTool } from "./tool.ts";

const MAX_PERMISSIONS = 20;
const MAX_DESCRIPTION = 100;
/** Much less than SHOWN_ROWS: all that a yes grants is to be seen at a glance. */
const MAX_ROWS = 30;

const permission = z.looseObject({
  type: z.enum(PERMISSIONS).check(z.describe("What is to be done.")),
  resource: someText(
    "On what: a path, a command or a host, exactly; of paths also /dir/*, /dir/** or *.ext.",
  ),
  description: z.optional(
    z.string().check(z.describe(`What it is for, in at most ${MAX_DESCRIPTION} characters.`)),
  ),
});

const input = z.looseObject({
  reason: someText("Why the task needs them, in a sentence or two."),
  permissions: z.array(permission).check(
    z.minLength(1, { error: "expected at least one permission, got none" }),
    z.describe(`What is asked for: up to ${MAX_PERMISSIONS}, no more than the task needs.`),
  ),
});

type Request = z.output<typeof input>;

export const requestPermissionsTool: AgentTool = {
  name: "request_permissions",
  runs: "agent",
  pauses: true,
  description:
    `Asks the user for several permissions at once; the run waits for the answer, Approve or Deny. \
Single calls ask by themselves when they must: use this before a stretch of work that would ask \
many times. It cannot give more than the sandbox allows.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, _desk, signal) {
    return atOnce(signal, () => {
      const request = readRequest(raw);
      const wanted = request.permissions.map(({ type, resource }) => ({
        permission: type,
        resource,
      }));
      const question = {
        question: questionOf(request),
        options: PERMISSION_OPTIONS,
        allowCustom: false,
        subject: { type: "permissions", wanted },
      } as const;
      const permissions = request.permissions.map(({ type, resource, description }) => ({
        type,
        resource,
        description,
        risk_level: riskOf(type),
      }));
      return pauseOutcome(question, {
        status: "awaiting_permission_approval",
        display: "request_permissions",
        more: { reason: request.reason, permissions },
      });
    });
  },
};

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const request = readInput(input, raw);
  if (request.permissions.length > MAX_PERMISSIONS) {
    const got = request.permissions.length;
    throw badInput("permissions", `expected at most ${MAX_PERMISSIONS}, got ${got}`);
  }
  for (const [index, { description = "" }] of request.permissions.entries()) {
    if (description.length <= MAX_DESCRIPTION) continue;
    const problem = `expected at most ${MAX_DESCRIPTION} characters, got ${description.length}`;
    throw badInput(`permissions.${index}.description`, problem);
  }
  const rows = rowsAtMost(questionOf(request));
  if (rows > MAX_ROWS) {
    const most = `at most ${MAX_ROWS} rows of ${SURE_COLUMNS} characters in all`;
    throw badInput("permissions", `expected ${most}, got about ${rows}: ask for less at once`);
  }
  return request;
}

/** Each on a line: what the model writes beside a resource comes after it, and in quotes. */
function questionOf({ reason, permissions }: Request): string {
  const lines = permissions.map(({ type, resource, description = "" }) => {
    const meaning = meaningOf(type, resource, quoted);
    const what = `${quoted(resource)}${meaning === undefined ? "" : `, which is ${meaning}`}`;
    const why = description.trim() === "" ? "" : `, for ${quoted(onOneLine(description))}`;
    return `- ${descriptionOf(type)}, ${riskOf(type)} risk: ${what}${why}`;
  });
  return ["May this be done?", ...lines, `Reason: ${onOneLine(reason)}`].join("\n");
}

function onOneLine(text: string): string {
  return text.trim().replace(/\s+/g, " ");
}
