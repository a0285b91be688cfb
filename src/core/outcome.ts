// How a run ended.

/** `result` is the text so far, also of a run that failed. */
export type Outcome =
  | { readonly status: "completed"; readonly result: string }
  | { readonly status: "suspended"; readonly result: string }
  | { readonly status: "cancelled"; readonly result?: string | undefined }
  | {
    readonly status: "error";
    readonly error: string;
    readonly reason: FailureReason;
    readonly result?: string | undefined;
  };

/** Why a run failed (wire: terminal.reason, ours). */
export type FailureReason = "failed" | "refused" | "limit" | "budget" | "timeout";
