// What was allowed, refused or marked to be asked about beforehand: lists of a host, grants of a session.
import { posix } from "node:path";
import { HERE, type PathSystem } from "../base/path_system.ts";
import type { Permission } from "../core/permission.ts";
import { ruledPath, ruledPattern } from "../core/ruled_path.ts";

/** Grants end by themselves. */
const GRANT_MS = 1_800_000;

/** Of a host's list. */
export type Rule = {
  readonly permission: Permission;
  readonly pattern: string;
  readonly allowed: boolean;
  /** Wall-clock milliseconds; without it the rule stays. */
  readonly expiresAtMs?: number | undefined;
};

/** What an approver allowed for a while. */
export type Grant = {
  readonly permission: Permission;
  readonly pattern: string;
  readonly expiresAtMs: number;
};

/** What a pattern is held against. A path is absolute; a text, such as a command, has no parts. */
export type Subject = {
  readonly permission: Permission;
  readonly type: "path" | "text";
  readonly value: string;
};

export function grantOf(
  permission: Permission,
  pattern: string,
  { nowMs }: { readonly nowMs: number },
): Grant {
  return { permission, pattern, expiresAtMs: nowMs + GRANT_MS };
}

/** Whether a rule or grant that has not ended is about the subject. */
export function applies(rule: Omit<Rule, "allowed">, subject: Subject, nowMs: number): boolean {
  const { permission, pattern, expiresAtMs = Infinity } = rule;
  return permission === subject.permission && nowMs < expiresAtMs && matches(pattern, subject);
}

/** `Tool(pattern)`, or the tool alone. A rule that cannot be read is about everything. */
export function isAskedBy(rule: string, tool: string, subject: Subject): boolean {
  const [, name, pattern = "*"] = rule.trim().match(/^([\w-]+)(?:\((.*)\))?$/s) ?? [];
  if (name === undefined) return true;
  return name === tool && matches(pattern, subject);
}

/**
 * Exact; `*` and `**`+`/*` for everything; of paths also `*.ext`, `/dir/*` (what lies in it directly)
 * and `/dir/**` (at any depth).
 */
export function matches(
  given: string,
  { type, value }: Pick<Subject, "type" | "value">,
  system: PathSystem = HERE,
): boolean {
  if (given === value || given === "*" || given === "**/*") return true;
  if (type === "text") return false;
  const pattern = ruledPattern(given, system);
  const path = ruledPath(value, system);
  const { base, dir } = posix.parse(path);
  if (/^\*\.[^*/]+$/.test(pattern)) return base.endsWith(pattern.slice(1));
  if (pattern.endsWith("/**")) return isBelow(path, pattern.slice(0, -3));
  if (pattern.endsWith("/*")) return dir === folderOf(pattern.slice(0, -2)) && path !== dir;
  return path === posix.normalize(pattern);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folderOf(folder) === "/" ? "/" : `${folderOf(folder)}/`);
}

function folderOf(text: string): string {
  return text === "" ? "/" : posix.normalize(text);
}
