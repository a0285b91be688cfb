// Maps a conversation to the input items of a responses request. Pure; drops and summarises
// nothing, which is the loop's.
import type OpenAI from "openai";
import type { Message, MessagePart } from "../core/message.ts";
import type { ToolCall } from "../core/tool_call.ts";
import { carriedBy } from "./carry.ts";
import { type CarriedItem, readCarry } from "./responses_carry.ts";
import { hasImage, messageParts } from "./message_parts.ts";
import { IMAGE_LEFT_OUT, isSendableImage, sendableArguments, sendableName } from "./sendable.ts";

type Item = OpenAI.Responses.ResponseInputItem;
type InputPart = OpenAI.Responses.ResponseInputText | OpenAI.Responses.ResponseInputImage;

/**
 * In order; an answer becomes its text and its calls, with the reasoning that `model` itself sealed
 * for it in its place. Images go with user messages only. Mends what chat_messages.ts mends.
 */
export function responsesInput(messages: readonly Message[], model: string): Item[] {
  return messages.flatMap((message) => items(message, model));
}

function items(message: Message, model: string): Item[] {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content.toWellFormed() }];
    case "user":
      return [{ role: "user", content: userContent(message) }];
    case "assistant":
      return answerItems(message, carriedItems(message, model));
    case "tool": {
      const output = message.content.toWellFormed();
      return [{ type: "function_call_output", call_id: message.tool_call_id ?? "", output }];
    }
  }
}

function userContent(message: Message): string | InputPart[] {
  if (!hasImage(message)) return message.content.toWellFormed();
  return messageParts(message).flatMap(inputPart);
}

function inputPart(part: MessagePart): InputPart[] {
  if (part.type === "text") return part.text === "" ? [] : [inputText(part.text)];
  const { url, detail } = part.image_url;
  if (!isSendableImage(url)) return [inputText(IMAGE_LEFT_OUT)];
  const known = detail === "low" || detail === "high" ? detail : "auto";
  return [{ type: "input_image", image_url: url, detail: known }];
}

function inputText(text: string): InputPart {
  return { type: "input_text", text: text.toWellFormed() };
}

function carriedItems(message: Message, model: string): readonly CarriedItem[] {
  return readCarry(carriedBy(message, { protocol: "openai", model }))?.items ?? [];
}

/** What the carry does not know comes last: text and calls were changed since, or it is empty. */
function answerItems(message: Message, carried: readonly CarriedItem[]): Item[] {
  const calls = new Map((message.tool_calls ?? []).map((call) => [call.id, call]));
  const placed: Item[] = [];
  let from = 0;
  for (const item of carried) {
    if (item.type === "reasoning") {
      placed.push(item);
    } else if (item.type === "message") {
      const text = message.content.slice(from, from + item.length);
      placed.push(...textItems(text, item.phase ?? message.phase));
      from += item.length;
    } else {
      const call = calls.get(item.call_id);
      if (call) placed.push(callItem(call));
      calls.delete(item.call_id);
    }
  }
  placed.push(...textItems(message.content.slice(from), message.phase));
  placed.push(...[...calls.values()].map(callItem));
  return withoutLooseEnd(placed);
}

/** Reasoning that nothing follows is refused: its item was cut off or dropped. */
function withoutLooseEnd(placed: readonly Item[]): Item[] {
  return placed.slice(0, placed.findLastIndex((item) => item.type !== "reasoning") + 1);
}

function textItems(text: string, phase: Message["phase"]): Item[] {
  if (text === "") return [];
  return [{
    type: "message",
    role: "assistant",
    content: text.toWellFormed(),
    ...(phase !== undefined && { phase }),
  }];
}

function callItem({ id, function: { name, arguments: text } }: ToolCall): Item {
  return {
    type: "function_call",
    call_id: id,
    name: sendableName(name),
    arguments: sendableArguments(text),
  };
}
