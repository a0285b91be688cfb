// One tool call from the model's text to the message it leaves: look up, read the arguments, ask,
// perform, and the events of each step in the reference's order.
import type { Clock } from "../base/clock.ts";
import { messageOf, toWorkerError } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Message } from "../core/message.ts";
import type { Need } from "../core/need.ts";
import type { ToolCall } from "../core/tool_call.ts";
import type { ToolResult } from "../core/tool_result.ts";
import { decide, type Policy } from "../permissions/decide.ts";
import { parseArguments } from "../tools/arguments.ts";
import { findTool } from "../tools/builtin.ts";
import { resolveToolName } from "../tools/names.ts";
import type { Call, Tool } from "../tools/tool.ts";
import type { MessageMaker } from "./history.ts";

export type ToolCallDeps = {
  readonly clock: Clock;
  readonly make: MessageMaker;
  readonly emit: (event: AgentEvent) => Promise<void>;
  /** Runs the tool where the files are; rejects with a WorkerError, or the abort reason. */
  readonly perform: Perform;
  /** Asks the host; false when it does not say yes. */
  readonly approve: (
    request: { tool_name: string; permission: string; resource: string },
    signal: AbortSignal,
  ) => Promise<boolean>;
  readonly policy: Policy;
  readonly disabledTools: readonly string[];
};

export type Perform = (
  request: {
    readonly tool: string;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly onOutput: (text: string) => Promise<void>;
  },
  signal: AbortSignal,
) => Promise<ToolResult>;

type Prepared =
  | {
    readonly type: "ready";
    readonly tool: Tool;
    readonly args: Readonly<Record<string, unknown>>;
  }
  | { readonly type: "refused"; readonly error: string };

/** Runs one call and returns its tool message. Rejects only with the abort reason. */
export async function callTool(
  call: ToolCall,
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<Message> {
  const prepared = prepare(call, deps.disabledTools);
  if (prepared.type === "refused") {
    await deps.emit({ type: "tool_error", tool_call_id: call.id, error: prepared.error });
    return toolMessage(call, { error: prepared.error }, deps.make);
  }
  return await runCall(call, prepared, deps, signal);
}

/** Names come from the model: aliases first, then what is disabled, then what there is. */
function prepare(call: ToolCall, disabled: readonly string[]): Prepared {
  const { name, arguments: text } = call.function;
  const tool = findTool(name);
  if (!tool) return { type: "refused", error: `Tool not found: ${name.slice(0, 200)}` };
  if (disabled.some((name) => resolveToolName(name) === tool.name)) {
    const error = `Tool disabled: ${tool.name} is in the spec's disabled_tools`;
    return { type: "refused", error };
  }
  const read = parseArguments(tool, text);
  if (read.type === "refused") return { type: "refused", error: read.error };
  return { type: "ready", tool, args: read.value };
}

async function runCall(
  call: ToolCall,
  { tool, args }: Prepared & { type: "ready" },
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<Message> {
  const { emit, clock } = deps;
  const about = { tool_call_id: call.id, tool_name: tool.name };
  const plan = planOf(tool, args);
  const marks = { is_mutating: plan.mutating, auto_approved: !plan.mutating };
  await emit({ type: "tool_start", ...about, arguments: args });
  await emit({ type: "tool_lifecycle", ...about, phase: "begin", ...marks });
  const start = clock.monotonic();
  const outcome = await attempt(call, tool, { args, plan }, deps, signal);
  const elapsed_ms = Math.round(clock.monotonic() - start);
  const metadata = { elapsed_ms, ...marks, tool_name: tool.name };
  if ("error" in outcome) {
    const { error } = outcome;
    await emit({ type: "tool_lifecycle", ...about, phase: "error", elapsed_ms, ...marks, error });
    await emit({ type: "tool_error", tool_call_id: call.id, error });
  } else {
    const summary = `completed in ${duration(elapsed_ms)}`;
    await emit({
      type: "tool_lifecycle",
      ...about,
      phase: "finished",
      elapsed_ms,
      ...marks,
      summary,
    });
    await emit({ type: "tool_complete", tool_call_id: call.id, result: outcome });
  }
  return toolMessage(call, outcome, deps.make, metadata);
}

type Plan = Call & { readonly refusal?: string };

function planOf(tool: Tool, args: Readonly<Record<string, unknown>>): Plan {
  try {
    return tool.prepare(args);
  } catch (thrown) {
    return { mutating: false, needs: [], refusal: `Invalid arguments: ${messageOf(thrown)}` };
  }
}

/** What the call gave, or the text of why it gave nothing. */
async function attempt(
  call: ToolCall,
  tool: Tool,
  { args, plan }: { args: Readonly<Record<string, unknown>>; plan: Plan },
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<ToolResult | { readonly error: string }> {
  if (plan.refusal !== undefined) return { error: plan.refusal };
  try {
    const denied = await firstDenied(tool, plan.needs, deps, signal);
    if (denied !== undefined) {
      return { error: `Execution failed: Permission denied by host for: ${denied}` };
    }
    const onOutput = (content: string) =>
      deps.emit({ type: "tool_token", tool_call_id: call.id, content });
    return await deps.perform({ tool: tool.name, arguments: args, onOutput }, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    const { fault, message } = toWorkerError(thrown);
    return {
      error: `${fault === "bad_input" ? "Invalid arguments" : "Execution failed"}: ${message}`,
    };
  }
}

async function firstDenied(
  tool: Tool,
  needs: readonly Need[],
  { approve, policy }: ToolCallDeps,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const decision of decide(needs, policy)) {
    if (decision.type === "allow") continue;
    const { permission, resource } = decision;
    if (!await approve({ tool_name: tool.name, permission, resource }, signal)) return resource;
  }
  return undefined;
}

const MAX_CONTENT = 256 * 1024;
const KEPT_HEAD = 160 * 1024;
const KEPT_TAIL = 64 * 1024;

function toolMessage(
  call: ToolCall,
  outcome: ToolResult | { readonly error: string },
  make: MessageMaker,
  facts: Readonly<Record<string, unknown>> = { tool_name: call.function.name },
): Message {
  const isError = "error" in outcome;
  const success = !isError && outcome.success;
  return {
    id: make.newId(),
    role: "tool",
    content: shorten(isError ? `Error: ${outcome.error}` : outcome.result),
    tool_call_id: call.id,
    tool_success: success,
    created_at: make.timestamp(),
    metadata: { ...facts, success },
  };
}

function shorten(text: string): string {
  if (text.length <= MAX_CONTENT) return text;
  const left = text.length - KEPT_HEAD - KEPT_TAIL;
  return `${text.slice(0, KEPT_HEAD)}\n[… ${left} characters left out …]\n${
    text.slice(-KEPT_TAIL)
  }`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms}ms` : `${(ms / 1000).toFixed(1)}s`;
}
