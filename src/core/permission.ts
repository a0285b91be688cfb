// The permissions that acts need: how an approver reads them, and how much is at stake.

/** The least first. */
export const RISKS = ["low", "medium", "high"] as const;

export type Risk = (typeof RISKS)[number];

export const PERMISSIONS = [
  "write_file",
  "execute_command",
  "git_write",
  "http_request",
  "delete_operation",
  "terminal_session",
] as const;

export type Permission = (typeof PERMISSIONS)[number];

const FACTS: Readonly<Record<Permission, { readonly description: string; readonly risk: Risk }>> = {
  write_file: { description: "Write files to disk", risk: "medium" },
  execute_command: { description: "Execute shell commands", risk: "high" },
  git_write: { description: "Perform Git write operations (commit, push, etc.)", risk: "high" },
  http_request: { description: "Make HTTP requests to external services", risk: "medium" },
  delete_operation: { description: "Delete files or directories", risk: "high" },
  terminal_session: { description: "Run interactive terminal sessions", risk: "high" },
};

/** wire: approval_request.body.permission. */
export function descriptionOf(permission: Permission): string {
  return FACTS[permission].description;
}

export function riskOf(permission: Permission): Risk {
  return FACTS[permission].risk;
}

export function isAtLeast(risk: Risk, threshold: Risk): boolean {
  return RISKS.indexOf(risk) >= RISKS.indexOf(threshold);
}
