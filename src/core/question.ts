// A question on which a run waits, and what its answer may change.
import type { Permission } from "./permission.ts";

export type Question = {
  readonly question: string;
  readonly options: readonly string[];
  /** Whether another answer than the options counts. */
  readonly allowCustom: boolean;
  readonly subject: QuestionSubject;
};

export type QuestionSubject =
  /** Something that only the model makes use of. */
  | { readonly type: "anything" }
  /** A plan: a yes ends plan mode. */
  | { readonly type: "plan"; readonly exitMode?: ExitMode | undefined }
  /** Permissions, each by its type and a resource or a pattern of resources. */
  | { readonly type: "permissions"; readonly wanted: readonly WantedPermission[] };

/** wire: ExitPlanMode.exit_mode. */
export type ExitMode = "default" | "accept_edits" | "dont_ask" | "bypass_permissions";

export type WantedPermission = { readonly permission: Permission; readonly resource: string };
