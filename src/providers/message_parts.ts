// What a message says, piece by piece, wherever its parts leave out what it says in words. How a
// piece is sent is the protocol's.
import type { Message, MessagePart } from "../core/message.ts";

/** Without images the content alone counts; with them it stands in for words the parts lack. */
export function messageParts({ content, content_parts = [] }: Message): readonly MessagePart[] {
  const words: MessagePart = { type: "text", text: content };
  if (!content_parts.some(isImage)) return [words];
  return content_parts.some(({ type }) => type === "text")
    ? content_parts
    : [words, ...content_parts];
}

export function hasImage({ content_parts = [] }: Message): boolean {
  return content_parts.some(isImage);
}

function isImage({ type }: MessagePart): boolean {
  return type === "image_url";
}
