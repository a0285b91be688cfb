// Maps a conversation to the contents of a Gemini request. Pure; drops and summarises nothing, which
// is the loop's.
import type { Content, Part } from "@google/genai/web";
import type { Message } from "../core/message.ts";
import { isObject } from "../core/schema.ts";
import type { ToolCall } from "../core/tool_call.ts";
import { carriedBy } from "./carry.ts";
import { type CarriedPart, readCarry } from "./gemini_carry.ts";
import { imagePart, toolImages } from "./gemini_images.ts";
import { seesImagesOfTools, wantsSignatures } from "./gemini_models.ts";
import { messageParts } from "./message_parts.ts";
import type { ModelRequest } from "./provider.ts";
import { sendableArguments, sendableName } from "./sendable.ts";

/** The system messages, which have a place of their own; undefined when they say nothing. */
export function systemInstruction(messages: readonly Message[]): Content | undefined {
  const parts = messages.flatMap(({ role, content }) => role === "system" ? textPart(content) : []);
  return parts.length > 0 ? { parts } : undefined;
}

/**
 * All other messages in order. The answers to the calls of one turn stand in one content, as the
 * calls do, and in their order: the API refuses anything else. It refuses a content without parts,
 * too, which is what a message that says nothing would be.
 */
export function geminiContents({ model, messages }: ModelRequest): Content[] {
  return turnsOf(messages)
    .map((turn, at, turns): Content => {
      switch (turn.role) {
        case "user":
          return { role: "user", parts: turn.messages.flatMap(userParts) };
        case "assistant":
          return { role: "model", parts: turn.messages.flatMap((said) => modelParts(said, model)) };
        case "tool":
          return { role: "user", parts: answerParts(turn, { model, before: turns[at - 1] }) };
      }
    })
    .filter(({ parts = [] }) => parts.length > 0);
}

/** Neighbours of one role; messages of the user stay apart. */
type Turn = {
  readonly role: Exclude<Message["role"], "system">;
  readonly messages: Message[];
};

function turnsOf(messages: readonly Message[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const { role } = message;
    if (role === "system") continue;
    const last = turns.at(-1);
    if (last?.role === role && role !== "user") last.messages.push(message);
    else turns.push({ role, messages: [message] });
  }
  return turns;
}

function userParts(message: Message): Part[] {
  return messageParts(message).flatMap((part) =>
    part.type === "text" ? textPart(part.text) : [imagePart(part)]
  );
}

function textPart(text: string): Part[] {
  return text === "" ? [] : [{ text: text.toWellFormed() }];
}

function modelParts(message: Message, model: string): Part[] {
  const calls = (message.tool_calls ?? []).map(callPart);
  const carry = readCarry(carriedBy(message, { protocol: "gemini", model }));
  const parts = (carry && asItCame(message.content, { calls, carried: carry.parts })) ??
    [...textPart(message.content), ...calls];
  return wantsSignatures(model) ? withSignature(parts) : parts;
}

function callPart({ id, function: { name, arguments: text } }: ToolCall): Part {
  return { functionCall: { id, name: functionName(name), args: argumentsOf(text) } };
}

/** A name begins with a letter or an underscore here. */
function functionName(name: string): string {
  const sendable = sendableName(name);
  return /^[a-zA-Z_]/.test(sendable) ? sendable : `_${sendable.slice(1)}`;
}

function argumentsOf(text: string): Record<string, unknown> {
  const parsed: unknown = JSON.parse(sendableArguments(text));
  return isObject(parsed) ? { ...parsed } : {};
}

/**
 * The parts as the model made them, each with its signature; undefined when the message is not what
 * it was. Parts must not be joined where one is signed.
 */
function asItCame(
  content: string,
  { calls, carried }: { readonly calls: readonly Part[]; readonly carried: readonly CarriedPart[] },
): Part[] | undefined {
  let at = 0;
  let next = 0;
  const parts = carried.map((part): Part => {
    const signed = part.signature === undefined ? {} : { thoughtSignature: part.signature };
    switch (part.type) {
      case "text":
        return { text: content.slice(at, at += part.length).toWellFormed(), ...signed };
      case "call":
        return { ...calls[next++], ...signed };
      case "thought":
        return { text: part.text.toWellFormed(), thought: true, ...signed };
    }
  });
  return at === content.length && next === calls.length ? parts : undefined;
}

/**
 * Documented for calls that the model did not make itself: those of another model, or of a history
 * that was written by hand. Of parallel calls only the first is signed.
 */
const NO_SIGNATURE = "skip_thought_signature_validator";

function withSignature(parts: readonly Part[]): Part[] {
  const first = parts.findIndex((part) => part.functionCall !== undefined);
  return parts.map((part, at) => at === first ? { thoughtSignature: NO_SIGNATURE, ...part } : part);
}

function answerParts(
  { messages }: Turn,
  { model, before }: { readonly model: string; readonly before: Turn | undefined },
): Part[] {
  const calls = before?.messages.flatMap(({ tool_calls = [] }) => tool_calls) ?? [];
  const place = ({ tool_call_id }: Message) => calls.findIndex(({ id }) => id === tool_call_id);
  const answers = messages.toSorted((a, b) => place(a) - place(b));
  const isNested = seesImagesOfTools(model);
  const images = isNested
    ? []
    : answers.flatMap((answer) => toolImages(answer.content_parts ?? []));
  return [
    ...answers.map((answer) => answerPart(answer, { call: calls[place(answer)], isNested })),
    ...images,
  ];
}

function answerPart(
  { content, content_parts = [], tool_call_id = "", tool_success }: Message,
  { call, isNested }: { readonly call: ToolCall | undefined; readonly isNested: boolean },
): Part {
  const said = content.toWellFormed();
  const parts = isNested ? toolImages(content_parts) : [];
  return {
    functionResponse: {
      id: tool_call_id,
      name: functionName(call?.function.name ?? ""),
      response: tool_success === false ? { error: said } : { output: said },
      ...(parts.length > 0 && { parts }),
    },
  };
}
