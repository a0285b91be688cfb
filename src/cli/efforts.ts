// How hard a model may be asked to think (wire: run.reasoning_effort).

export const EFFORTS = ["low", "medium", "high", "xhigh", "max"] as const;
export type Effort = typeof EFFORTS[number];
