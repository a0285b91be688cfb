// An executor whose runs stand in the audit log: when they began and ended, what was refused in
// them, what the host was asked and how it answered.
import type { AuditLog } from "../audit/audit_file.ts";
import { sha256 } from "../audit/entry.ts";
import type { Clock } from "../base/clock.ts";
import { isOwnOption, namedOption } from "../core/answer.ts";
import type { Approval } from "../core/approval.ts";
import type { AgentEvent, AgentEventOf } from "../core/event.ts";
import type { Outcome } from "../core/outcome.ts";
import { readRefusal, type Refusal } from "../core/refusal_line.ts";
import type { ApprovalRequest, Executor, RunIo, RunRequest } from "../executors/executor.ts";

export type AuditOptions = {
  readonly log: AuditLog;
  readonly clock: Clock;
  /** To be called when the log cannot be written: the worker ends. */
  readonly fail: (thrown: unknown) => void;
};

type Question = { readonly toolName: string; readonly options: readonly string[] };

export class AuditedExecutor implements Executor {
  readonly #executor: Executor;
  readonly #options: AuditOptions;
  #runs = 0;
  #requests = 0;
  /** What the last run asked; while it waits, the next one may answer it. */
  #asked: Question | undefined;

  constructor(executor: Executor, options: AuditOptions) {
    this.#executor = executor;
    this.#options = options;
  }

  async run(request: RunRequest, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const run = `r-${++this.#runs}`;
    this.#write((log) => log.write("run_started", { run }));
    if (request.isAnswer) this.#noteAnswer(run, request.assignment);
    const outcome = await this.#executor.run(request, this.#audited(run, io), signal);
    const reason = outcome.status === "error" ? { reason: outcome.reason } : {};
    this.#write((log) => log.write("run_ended", { run, status: outcome.status, ...reason }));
    return outcome;
  }

  drop(): void {
    this.#executor.drop?.();
  }

  #audited(run: string, io: RunIo): RunIo {
    const names = new Map<string, string>();
    return {
      emit: (event) => {
        if (event.type !== "complete") this.#note(run, event, names);
        return io.emit(event);
      },
      approve: (asked, signal) => this.#approve(run, asked, () => io.approve(asked, signal)),
      steering: io.steering,
    };
  }

  /** Tools are named where a call starts, refusals where it ends. */
  #note(run: string, event: AgentEvent, names: Map<string, string>): void {
    if (event.type === "need_clarification") this.#noteQuestion(run, event);
    if (event.type === "tool_start") names.set(event.tool_call_id, event.tool_name);
    if (event.type !== "tool_error" && event.type !== "tool_complete") return;
    const tool_name = names.get(event.tool_call_id) ?? "";
    names.delete(event.tool_call_id);
    const refusal = event.type === "tool_error" ? readRefusal(event.error) : undefined;
    if (!refusal) return;
    this.#write((log) => log.write("tool_refused", { run, tool_name, reason: reasonOf(refusal) }));
  }

  #noteQuestion(
    run: string,
    { tool_name = "", question, options }: AgentEventOf<"need_clarification">,
  ): void {
    this.#asked = { toolName: tool_name, options: (options ?? []).filter(isOwnOption) };
    const about = { run, tool_name, question_sha256: sha256(question) };
    const own = this.#asked.options;
    this.#write((log) => log.write("question_asked", { ...about, options: own }));
  }

  /** Before anything can come of it. */
  #noteAnswer(run: string, text: string): void {
    const { toolName: tool_name, options } = this.#asked ?? { toolName: "", options: [] };
    const answer = namedOption(options, text);
    const said = answer === undefined ? { answer_sha256: sha256(text) } : { answer };
    this.#write((log) => log.write("question_answered", { run, tool_name, ...said }));
  }

  async #approve(
    run: string,
    { tool_name, permission, resource }: ApprovalRequest,
    ask: () => Promise<Approval>,
  ): Promise<Approval> {
    const request = `a-${++this.#requests}`;
    const about = { run, request, tool_name, permission, resource_sha256: sha256(resource) };
    this.#write((log) => log.write("approval_asked", about));
    const start = this.#options.clock.monotonic();
    const outcome = await ask();
    const delay_ms = Math.round(this.#options.clock.monotonic() - start);
    this.#write((log) => log.write("approval_answered", { run, request, outcome, delay_ms }));
    return outcome;
  }

  #write(write: (log: AuditLog) => void): void {
    try {
      write(this.#options.log);
    } catch (thrown) {
      this.#options.fail(thrown);
    }
  }
}

/** Names the grant that was missing. */
function reasonOf(refusal: Refusal): string {
  switch (refusal.type) {
    case "ungranted":
      return `no grant: ${refusal.access} ${refusal.path ?? ""}`;
    case "ungranted_host":
      return `no grant: web ${refusal.host}`;
    case "protected":
      return `protected name: ${refusal.name}`;
    case "denied":
      return "denied by the host";
    case "unavailable":
      return `not available: ${refusal.why}`;
    case "disabled":
      return "in disabled_tools";
  }
}
