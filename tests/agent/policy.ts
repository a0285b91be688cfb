// The policy of a worker whose spec says nothing, with what a test wants otherwise.
import type { Policy } from "../../src/permissions/decide.ts";

export function policyWith(changes: Partial<Policy>): Policy {
  return {
    enforced: true,
    bypassed: false,
    mode: "default",
    threshold: "low",
    rules: { listed: [], ask: [] },
    grants: [],
    ...changes,
  };
}
