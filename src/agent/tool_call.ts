// One tool call from the model's text to the message it leaves: look up, read the arguments, ask,
// perform, and the events of each step in the reference's order.
import { messageOf, toWorkerError } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Message, MessagePart } from "../core/message.ts";
import type { ToolCall } from "../core/tool_call.ts";
import type { ToolImage, ToolResult } from "../core/tool_result.ts";
import { planRefusal } from "../permissions/mode.ts";
import { parseArguments } from "../tools/arguments.ts";
import { findTool } from "../tools/builtin.ts";
import { resolveToolName } from "../tools/names.ts";
import type { Desk } from "../tools/desk.ts";
import type { AgentToolOutcome, Call, Tool } from "../tools/tool.ts";
import type { MessageMaker } from "./history.ts";
import { type PermissionGate, refusalOf } from "./permission_gate.ts";

export type ToolCallDeps = PermissionGate & {
  readonly make: MessageMaker;
  readonly emit: (event: AgentEvent) => Promise<void>;
  /** Runs the tool where the files are; rejects with a WorkerError, or the abort reason. */
  readonly perform: Perform;
  /** What tools of the agent's own compartment work with. */
  readonly desk: Desk;
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

export type PreparedCall =
  | ReadyCall
  | { readonly type: "refused"; readonly call: ToolCall; readonly error: string };

type ReadyCall = {
  readonly type: "ready";
  readonly call: ToolCall;
  readonly tool: Tool;
  readonly args: Readonly<Record<string, unknown>>;
  readonly plan: Plan;
};

type Plan = Call & { readonly refusal?: string };

/** What a call came to. */
export type Called = {
  /** Its tool message. */
  readonly message: Message;
  /** The tool's own name; the model's where there is none. */
  readonly tool: string;
  /** Whether it did what it was asked. */
  readonly success: boolean;
} & Effects;

/** What is to happen to the run. */
export type Effects = Pick<AgentToolOutcome, "pause" | "compact">;

/** Rejects with the abort reason, or with a budget that is used up. */
export async function callTool(
  prepared: PreparedCall,
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<Called> {
  if (prepared.type === "refused") return await refuseCall(prepared.call, prepared.error, deps);
  return await runCall(prepared, deps, signal);
}

/** Fails a call without running it: its one event is `tool_error`. */
export async function refuseCall(
  call: ToolCall,
  error: string,
  { emit, make }: Pick<ToolCallDeps, "emit" | "make">,
): Promise<Called> {
  await emit({ type: "tool_error", tool_call_id: call.id, error });
  const tool = findTool(call.function.name)?.name ?? call.function.name;
  return { message: toolMessage(call, { error }, make), tool, success: false };
}

/** Reads a call. Names come from the model: aliases first, then what there is and may be had. */
export function prepareCall(
  call: ToolCall,
  { disabledTools, refusedTools, policy }: Pick<
    ToolCallDeps,
    "disabledTools" | "refusedTools" | "policy"
  >,
): PreparedCall {
  const { name, arguments: text } = call.function;
  const refused = (error: string) => ({ type: "refused", call, error }) as const;
  const tool = findTool(name);
  if (!tool) return refused(`Tool not found: ${name.slice(0, 200)}`);
  if (disabledTools.some((name) => resolveToolName(name) === tool.name)) {
    return refused(`Tool disabled: ${tool.name} is in the spec's disabled_tools`);
  }
  const why = refusedTools.get(tool.name);
  if (why !== undefined) return refused(`Tool not available: ${tool.name}: ${why}`);
  const read = parseArguments(tool, text);
  if (read.type === "refused") return refused(read.error);
  const plan = planOf(tool, read.value);
  if (policy.mode === "plan" && plan.mutating) {
    return refused(`Execution failed: ${planRefusal(tool.name)}`);
  }
  return { type: "ready", call, tool, args: read.value, plan };
}

async function runCall(
  { call, tool, args, plan }: ReadyCall,
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<Called> {
  const { emit, clock } = deps;
  const about = { tool_call_id: call.id, tool_name: tool.name };
  const marks = { is_mutating: plan.mutating, auto_approved: !plan.mutating };
  await emit({ type: "tool_start", ...about, arguments: args });
  await emit({ type: "tool_lifecycle", ...about, phase: "begin", ...marks });
  const start = clock.monotonic();
  const outcome = await attempt({ type: "ready", call, tool, args, plan }, deps, signal);
  const elapsed_ms = Math.round(clock.monotonic() - start);
  const metadata = { elapsed_ms, ...marks, tool_name: tool.name };
  if ("error" in outcome) {
    const { error } = outcome;
    await emit({ type: "tool_lifecycle", ...about, phase: "error", elapsed_ms, ...marks, error });
    await emit({ type: "tool_error", tool_call_id: call.id, error });
    const message = toolMessage(call, outcome, deps.make, metadata);
    return { message, tool: tool.name, success: false };
  }
  const { result, events = [], pause, compact } = outcome;
  const phase = { phase: "finished", elapsed_ms, ...marks } as const;
  const summary = `completed in ${duration(elapsed_ms)}`;
  await emit({ type: "tool_lifecycle", ...about, ...phase, summary });
  for (const event of events) await emit(event);
  await emit({ type: "tool_complete", tool_call_id: call.id, result });
  const message = toolMessage(call, result, deps.make, metadata);
  return { message, tool: tool.name, success: result.success, pause, compact };
}

function planOf(tool: Tool, args: Readonly<Record<string, unknown>>): Plan {
  try {
    return tool.prepare(args);
  } catch (thrown) {
    return { mutating: false, needs: [], refusal: `Invalid arguments: ${messageOf(thrown)}` };
  }
}

/** What the call gave, or the text of why it gave nothing. */
async function attempt(
  { call, tool, args, plan }: ReadyCall,
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<AgentToolOutcome | { readonly error: string }> {
  if (plan.refusal !== undefined) return { error: plan.refusal };
  try {
    const refusal = await refusalOf({ tool: tool.name, needs: plan.needs }, deps, signal);
    if (refusal !== undefined) return { error: `Execution failed: ${refusal}` };
    if (tool.runs === "agent") return await tool.perform(args, deps.desk, signal);
    const onOutput = (content: string) =>
      deps.emit({ type: "tool_token", tool_call_id: call.id, content });
    return { result: await deps.perform({ tool: tool.name, arguments: args, onOutput }, signal) };
  } catch (thrown) {
    signal.throwIfAborted();
    const { fault, message } = toWorkerError(thrown);
    if (fault === "budget") {
      await deps.emit({ type: "tool_error", tool_call_id: call.id, error: message });
      throw thrown;
    }
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
  const images = isError ? [] : outcome.images ?? [];
  const success = !isError && outcome.success;
  return {
    id: make.newId(),
    role: "tool",
    content: shorten(isError ? `Error: ${outcome.error}` : outcome.result),
    tool_call_id: call.id,
    tool_success: success,
    created_at: make.timestamp(),
    metadata: { ...facts, success },
    ...(images.length > 0 && { content_parts: images.map(imagePart) }),
  };
}

function imagePart({ mime_type, data }: ToolImage): MessagePart {
  return { type: "image_url", image_url: { url: `data:${mime_type};base64,${data}` } };
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
