// One tool call from the model's text to the message it leaves: look up, read the arguments, ask,
// perform, and the events of each step in the reference's order.
import { messageOf, toWorkerError } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Message } from "../core/message.ts";
import type { ToolCall } from "../core/tool_call.ts";
import type { ToolResult } from "../core/tool_result.ts";
import { planRefusal } from "../permissions/mode.ts";
import { parseArguments } from "../tools/arguments.ts";
import { findTool } from "../tools/builtin.ts";
import { resolveToolName } from "../tools/names.ts";
import type { Call, Tool } from "../tools/tool.ts";
import type { MessageMaker } from "./history.ts";
import { type PermissionGate, refusalOf } from "./permission_gate.ts";

export type ToolCallDeps = PermissionGate & {
  readonly make: MessageMaker;
  readonly emit: (event: AgentEvent) => Promise<void>;
  /** Runs the tool where the files are; rejects with a WorkerError, or the abort reason. */
  readonly perform: Perform;
  /** By the spec; aliases are names as well. */
  readonly disabledTools: readonly string[];
  /** Tools that cannot be had here, by their own names, and why. */
  readonly refusedTools: ReadonlyMap<string, string>;
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
  const prepared = prepare(call, deps);
  if (prepared.type === "refused") {
    await deps.emit({ type: "tool_error", tool_call_id: call.id, error: prepared.error });
    return toolMessage(call, { error: prepared.error }, deps.make);
  }
  return await runCall(call, prepared, deps, signal);
}

/** Names come from the model: aliases first, then what there is, then what may be had. */
function prepare(call: ToolCall, { disabledTools, refusedTools }: ToolCallDeps): Prepared {
  const { name, arguments: text } = call.function;
  const tool = findTool(name);
  if (!tool) return { type: "refused", error: `Tool not found: ${name.slice(0, 200)}` };
  if (disabledTools.some((name) => resolveToolName(name) === tool.name)) {
    const error = `Tool disabled: ${tool.name} is in the spec's disabled_tools`;
    return { type: "refused", error };
  }
  const why = refusedTools.get(tool.name);
  if (why !== undefined) {
    return { type: "refused", error: `Tool not available: ${tool.name}: ${why}` };
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
  if (deps.policy.mode === "plan" && plan.mutating) {
    return { error: `Execution failed: ${planRefusal(tool.name)}` };
  }
  try {
    const refusal = await refusalOf({ tool: tool.name, needs: plan.needs }, deps, signal);
    if (refusal !== undefined) return { error: `Execution failed: ${refusal}` };
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
