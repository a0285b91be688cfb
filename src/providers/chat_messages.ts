// Maps a conversation to the messages of a chat completion request. Pure; drops and summarises
// nothing, which is the loop's.
import type OpenAI from "openai";
import type { Message, MessagePart } from "../core/message.ts";
import type { ToolCall } from "../core/tool_call.ts";
import { hasImage, messageParts } from "./message_parts.ts";
import { IMAGE_LEFT_OUT, isSendableImage, sendableArguments, sendableName } from "./sendable.ts";

type ChatMessage = OpenAI.Chat.ChatCompletionMessageParam;
type ChatPart = OpenAI.Chat.ChatCompletionContentPart;
type ChatToolCall = OpenAI.Chat.ChatCompletionMessageFunctionToolCall;

/**
 * In order, one for one. Images go with user messages only. What would make a server refuse this
 * history for ever is mended: halves of surrogate pairs, names and arguments that only a model
 * could write.
 */
export function chatMessages(messages: readonly Message[]): ChatMessage[] {
  return messages.map(chatMessage);
}

function chatMessage(message: Message): ChatMessage {
  const content = message.content.toWellFormed();
  switch (message.role) {
    case "system":
      return { role: "system", content };
    case "user":
      return { role: "user", content: userContent(message) };
    case "assistant":
      return assistantMessage(content, message.tool_calls ?? []);
    case "tool":
      return { role: "tool", content, tool_call_id: message.tool_call_id ?? "" };
  }
}

function userContent(message: Message): string | ChatPart[] {
  if (!hasImage(message)) return message.content.toWellFormed();
  return messageParts(message).filter(saysSomething).map(chatPart);
}

function saysSomething(part: MessagePart): boolean {
  return part.type === "image_url" || part.text !== "";
}

function chatPart(part: MessagePart): ChatPart {
  if (part.type === "text") return { type: "text", text: part.text.toWellFormed() };
  const { url, detail } = part.image_url;
  if (!isSendableImage(url)) return { type: "text", text: IMAGE_LEFT_OUT };
  if (detail !== "auto" && detail !== "low" && detail !== "high") {
    return { type: "image_url", image_url: { url } };
  }
  return { type: "image_url", image_url: { url, detail } };
}

function assistantMessage(content: string, calls: readonly ToolCall[]): ChatMessage {
  if (calls.length === 0) return { role: "assistant", content };
  return {
    role: "assistant",
    content: content === "" ? null : content,
    tool_calls: calls.map(chatToolCall),
  };
}

function chatToolCall(call: ToolCall): ChatToolCall {
  const { name, arguments: text } = call.function;
  return {
    id: call.id,
    type: "function",
    function: { name: sendableName(name), arguments: sendableArguments(text) },
  };
}
