// What stands in the audit log: entries as lines that each name the one before. Pure; files are
// audit_file.ts's, judging a whole log is verify.ts's.
import { createHash } from "node:crypto";
import type { Approval } from "../core/approval.ts";
import type { Egress } from "../core/egress.ts";
import { isObject } from "../core/schema.ts";

/**
 * What each kind of entry tells. No secret, and no body, prompt or argument but as a hash: whoever
 * writes an entry sees to that.
 */
export type AuditFacts = {
  /** The cage stands and the worker is about to serve. */
  readonly start: {
    /** Of the spec with its secrets taken out. */
    readonly spec_sha256: string;
    readonly level: string;
    /** Why no stronger level is in force. */
    readonly missing: readonly string[];
    /** As they were derived. */
    readonly grants: unknown;
    readonly self_tests: readonly SelfTest[];
  };
  /** `reason` names the grant that was missing. */
  readonly tool_refused: {
    readonly run?: string;
    readonly tool_name: string;
    readonly reason: string;
  };
  /** `request` counts the questions of this activation. */
  readonly approval_asked: {
    readonly run?: string;
    readonly request: string;
    readonly tool_name: string;
    readonly permission: string;
    readonly resource_sha256: string;
  };
  readonly approval_answered: {
    readonly run?: string;
    readonly request: string;
    /** Only `allowed` let anything run. */
    readonly outcome: Approval;
    readonly delay_ms: number;
  };
  /** A run waits for an answer. `options` are those of our own words: a model's tell too much. */
  readonly question_asked: {
    readonly run: string;
    readonly tool_name: string;
    readonly question_sha256: string;
    readonly options: readonly string[];
  };
  /** To what was asked last. `answer` is the option of our own words that was meant. */
  readonly question_answered: {
    readonly run: string;
    readonly tool_name: string;
    readonly answer?: string;
    /** Of any other answer. */
    readonly answer_sha256?: string;
  };
  /** A request of the gateway is over, whoever's it was. */
  readonly egress: Egress;
  readonly run_started: { readonly run: string };
  readonly run_ended: {
    readonly run: string;
    readonly status: string;
    readonly reason?: string;
  };
  readonly end: { readonly reason?: string };
  /** The log itself: `lines` before this one were never finished; `after` is the last whole one. */
  readonly torn_lines: { readonly lines: number; readonly after: string };
};

export type AuditKind = keyof AuditFacts;

export type SelfTest = { readonly name: string; readonly passed: boolean };

/** One entry but for `prev`, which nextLine adds. */
export type AuditEntry = {
  /** Counts the entries of a file from 1 on. */
  readonly seq: number;
  /** Wall clock, RFC 3339. */
  readonly at: string;
  /** Milliseconds on a clock that never jumps, of this process. */
  readonly mono_ms: number;
  /** Counts the activations of this agent id from 1 on. */
  readonly epoch: number;
  readonly kind: AuditKind;
  /** Those of its kind. */
  readonly facts: AuditFacts[AuditKind];
};

/** The part of a written entry that the chain is made of. */
export type Link = {
  readonly seq: number;
  readonly epoch: number;
  readonly kind: string;
  /** Hash of the line before. */
  readonly prev: string;
  /** Of a `torn_lines` entry. */
  readonly after?: string;
};

/** What the first line of a file names as the hash of the line before. */
export const NO_LINE = "0".repeat(64);

/** Texts longer than this stand in a line cut, with their length and hash. */
const MAX_TEXT = 4096;

/** SHA-256 of the UTF-8 text in hex. Of a line: without its newline. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The entry as one line of ASCII without its newline: a cut can never fall into a character. */
export function nextLine(previousHash: string, { facts, ...entry }: AuditEntry): string {
  const whole = { ...entry, ...facts, prev: previousHash };
  return JSON.stringify(whole, (_name, value) => typeof value === "string" ? bounded(value) : value)
    .replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Undefined for a line that is no entry. */
export function readLink(line: string): Link | undefined {
  const value = parsed(line);
  if (!isObject(value)) return undefined;
  const { seq, epoch, kind, prev, after } = value;
  const isLink = isCount(seq) && isCount(epoch) && typeof kind === "string" && isHash(prev);
  return isLink ? { seq, epoch, kind, prev, ...(isHash(after) && { after }) } : undefined;
}

/** Whether the line can be the beginning of entry `seq`, not written to its end. */
export function isTorn(line: string, seq: number): boolean {
  const head = `{"seq":${seq},"at":"`;
  const isBeginning = line.startsWith(head) || head.startsWith(line);
  return line !== "" && isBeginning && parsed(line) === undefined;
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT)}… [of ${text.length} characters, sha256 ${sha256(text)}]`;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // no entry, whatever it is
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}
