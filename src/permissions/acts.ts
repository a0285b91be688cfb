// The acts that the needs of a call come to: each with its permission and what an approver is shown.
import type { Need } from "../core/need.ts";
import { ruledPath } from "../core/ruled_path.ts";
import type { Subject } from "./rules.ts";
import { notUnderstood, type ShellVerdict } from "./shell_verdict.ts";

export type Act = Subject & {
  /** wire: approval_request.body.resource. */
  readonly resource: string;
  /** Why it is asked about whatever else is allowed. */
  readonly forcedBy?: string | undefined;
  /** Whether the mode acceptEdits lets it pass. */
  readonly isEdit: boolean;
};

/** `verdicts` by command; a command without one counts as not understood. */
export function actsOf(need: Need, verdicts: ReadonlyMap<string, ShellVerdict>): readonly Act[] {
  switch (need.type) {
    case "write_file":
      return [{
        permission: "write_file",
        type: "path",
        value: ruledPath(need.path),
        resource: need.path,
        isEdit: true,
      }];
    case "execute_command":
      return actsOfCommand(need.command, verdicts.get(need.command));
    case "execute_code":
      return [{ ...textAct("execute_command", need.code), resource: `js_repl: ${need.code}` }];
    case "http_request":
      return [textAct("http_request", need.host)];
    case "terminal_session":
      return [textAct("terminal_session", need.id)];
  }
}

function actsOfCommand(command: string, found: ShellVerdict | undefined): readonly Act[] {
  const verdict = found ?? notUnderstood(command, "the command was not analysed");
  const resource = verdict.type === "safe" ? command : `SECURITY: ${command}`;
  const run: Act = {
    ...textAct("execute_command", command),
    resource,
    forcedBy: verdict.type === "ask" ? verdict.reasons.join("; ") : undefined,
    isEdit: verdict.everyday,
  };
  if (!verdict.deletes) return [run];
  return [run, { ...textAct("delete_operation", command), resource }];
}

function textAct(permission: Act["permission"], value: string): Act {
  return { permission, type: "text", value, resource: value, isEdit: false };
}
