// What came of asking an approver.

/**
 * Only `allowed` runs anything. `timed_out`: nobody answered in time; `no_approver`: the connection
 * was lost; `void`: the run was cancelled, replaced or over.
 */
export const APPROVALS = ["allowed", "denied", "timed_out", "no_approver", "void"] as const;

export type Approval = (typeof APPROVALS)[number];

/** Seconds that a request waits for its answer. */
export const APPROVAL_SECS = 300;
