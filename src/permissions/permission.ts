// The permissions that acts need: how an approver reads them, and how much is at stake.

/** The least first. */
export const RISKS = ["low", "medium", "high"] as const;

export type Risk = (typeof RISKS)[number];

const PERMISSIONS = {
  write_file: { description: "Write files to disk", risk: "medium" },
  execute_command: { description: "Execute shell commands", risk: "high" },
  git_write: { description: "Perform Git write operations (commit, push, etc.)", risk: "high" },
  http_request: { description: "Make HTTP requests to external services", risk: "medium" },
  delete_operation: { description: "Delete files or directories", risk: "high" },
  terminal_session: { description: "Run interactive terminal sessions", risk: "high" },
} as const satisfies Readonly<Record<string, { description: string; risk: Risk }>>;

export type Permission = keyof typeof PERMISSIONS;

/** wire: approval_request.body.permission. */
export function descriptionOf(permission: Permission): string {
  return PERMISSIONS[permission].description;
}

export function riskOf(permission: Permission): Risk {
  return PERMISSIONS[permission].risk;
}

export function isAtLeast(risk: Risk, threshold: Risk): boolean {
  return RISKS.indexOf(risk) >= RISKS.indexOf(threshold);
}
