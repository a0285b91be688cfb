// Maps a conversation to the turns of a request to Anthropic's API. Pure; summarises nothing, which
// is the loop's.
import type Anthropic from "@anthropic-ai/sdk";
import type { Message, MessagePart } from "../core/message.ts";
import { isObject } from "../core/schema.ts";
import type { ToolCall } from "../core/tool_call.ts";
import { type CarriedBlock, carriedBlocks } from "./anthropic_carry.ts";
import { hasImage, messageParts } from "./message_parts.ts";
import { IMAGE_LEFT_OUT, sendableArguments, sendableName } from "./sendable.ts";

type ResultPart = Anthropic.TextBlockParam | Anthropic.ImageBlockParam;
export type AnthropicBlock =
  | ResultPart
  | Anthropic.ToolUseBlockParam
  | Anthropic.ToolResultBlockParam
  | Anthropic.ThinkingBlockParam
  | Anthropic.RedactedThinkingBlockParam;
export type AnthropicTurn = { readonly role: "user" | "assistant"; content: AnthropicBlock[] };

/** Marks the last as a place up to which the API keeps the prompt; a request may have four. */
export function lastCached<T>(blocks: readonly T[]): T[] {
  return blocks.map((block, at) => at === blocks.length - 1 ? { ...block, ...CACHED } : block);
}

const CACHED = { cache_control: { type: "ephemeral", ttl: "1h" } } as const;

/** The system messages, one block each. */
export function anthropicSystem(messages: readonly Message[]): Anthropic.TextBlockParam[] {
  return messages.filter(({ role }) => role === "system").flatMap(({ content }) => text(content));
}

/**
 * In order, without system messages; user and assistant take turns, from the user to the user.
 * Thinking that `model` itself signed stands where it stood. Of the images of tools only those of
 * the newest result go with it. What would make the API refuse this history for ever is mended:
 * blank texts, halves of surrogate pairs, ids, names and arguments that only a model could write.
 * The newest summary and the last block are cached.
 */
export function anthropicTurns(messages: readonly Message[], model: string): AnthropicTurn[] {
  const newestImages = messages.findLast((message) => message.role === "tool" && hasImage(message));
  const newestSummary = messages.findLast(isSummary);
  const turns: AnthropicTurn[] = [];
  for (const message of messages) {
    const blocks = blocksOf(message, { model, withImages: message === newestImages });
    addTo(turns, {
      role: message.role === "assistant" ? "assistant" : "user",
      content: message === newestSummary ? lastCached(blocks) : blocks,
    });
  }
  return withBothEnds(turns).map(({ role, content }, at, all) => {
    const ordered = resultsFirst(content);
    return { role, content: at === all.length - 1 ? lastCached(ordered) : ordered };
  });
}

function addTo(turns: AnthropicTurn[], { role, content }: AnthropicTurn): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.role === role) last.content.push(...content);
  else turns.push({ role, content });
}

/** The API takes a history from the user to the user only; most models refuse to be prompted on. */
function withBothEnds(turns: readonly AnthropicTurn[]): readonly AnthropicTurn[] {
  const start = turns[0]?.role === "user" ? [] : [userTurn("[earlier messages left out]")];
  const end = turns.at(-1)?.role === "assistant" ? [userTurn("Continue.")] : [];
  return [...start, ...turns, ...end];
}

function userTurn(words: string): AnthropicTurn {
  return { role: "user", content: text(words) };
}

/** The API wants the answers to calls before anything else that is said. */
function resultsFirst(content: readonly AnthropicBlock[]): AnthropicBlock[] {
  const results = content.filter(({ type }) => type === "tool_result");
  return [...results, ...content.filter(({ type }) => type !== "tool_result")];
}

function isSummary({ metadata }: Message): boolean {
  return isObject(metadata) && metadata["summary"] === true;
}

function blocksOf(
  message: Message,
  { model, withImages }: { readonly model: string; readonly withImages: boolean },
): AnthropicBlock[] {
  switch (message.role) {
    case "system":
      return [];
    case "user":
      return messageParts(message).flatMap(part);
    case "assistant":
      return answerBlocks(message, carriedBlocks(message, model));
    case "tool":
      return [resultBlock(message, withImages)];
  }
}

function part(piece: MessagePart): ResultPart[] {
  return piece.type === "text" ? text(piece.text) : [image(piece.image_url.url)];
}

/** The API refuses a text that is blank. */
function text(words: string): Anthropic.TextBlockParam[] {
  return words.trim() === "" ? [] : [{ type: "text", text: words.toWellFormed() }];
}

function image(url: string): ResultPart {
  if (/^https?:/i.test(url)) return { type: "image", source: { type: "url", url } };
  const comma = url.indexOf(",");
  const media_type = IMAGE_TYPES.get(url.slice(0, comma).toLowerCase());
  if (media_type === undefined) return { type: "text", text: IMAGE_LEFT_OUT };
  return { type: "image", source: { type: "base64", media_type, data: url.slice(comma + 1) } };
}

const IMAGE_TYPES: ReadonlyMap<string, Anthropic.Base64ImageSource["media_type"]> = new Map([
  ["data:image/png;base64", "image/png"],
  ["data:image/jpeg;base64", "image/jpeg"],
  ["data:image/jpg;base64", "image/jpeg"],
  ["data:image/gif;base64", "image/gif"],
  ["data:image/webp;base64", "image/webp"],
]);

function resultBlock(message: Message, withImages: boolean): Anthropic.ToolResultBlockParam {
  const content = messageParts(message).flatMap((piece) =>
    piece.type === "text" || withImages ? part(piece) : text("[older image left out]")
  );
  return {
    type: "tool_result",
    tool_use_id: sendableId(message.tool_call_id ?? ""),
    ...(content.length > 0 && { content }),
    ...(message.tool_success === false && { is_error: true }),
  };
}

/** What the carry does not know comes last: text and calls were changed since, or it is empty. */
function answerBlocks(message: Message, carried: readonly CarriedBlock[]): AnthropicBlock[] {
  const calls = new Map((message.tool_calls ?? []).map((call) => [call.id, call]));
  const placed: AnthropicBlock[] = [];
  let from = 0;
  for (const block of carried) {
    if (block.type === "text") {
      placed.push(...text(message.content.slice(from, from + block.length)));
      from += block.length;
    } else if (block.type === "tool_use") {
      const call = calls.get(block.id);
      if (call) placed.push(callBlock(call));
      calls.delete(block.id);
    } else {
      placed.push(block);
    }
  }
  placed.push(...text(message.content.slice(from)));
  placed.push(...[...calls.values()].map(callBlock));
  return withoutLooseEnd(placed);
}

/** An answer must not end with its thinking: what followed was cut off or dropped. */
function withoutLooseEnd(blocks: readonly AnthropicBlock[]): AnthropicBlock[] {
  const last = blocks.findLastIndex(({ type }) =>
    type !== "thinking" && type !== "redacted_thinking"
  );
  return blocks.slice(0, last + 1);
}

function callBlock({ id, function: { name, arguments: written } }: ToolCall): AnthropicBlock {
  const mended = (_key: string, value: unknown) =>
    typeof value === "string" ? value.toWellFormed() : value;
  return {
    type: "tool_use",
    id: sendableId(id),
    name: sendableName(name),
    input: JSON.parse(sendableArguments(written), mended),
  };
}

/** The API takes no other ids; those of other servers may look like `functions.Read:0`. */
function sendableId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, "_") || "unknown";
}
