// The images of a message as Gemini takes them. Pure.
import type { FunctionResponsePart, Part } from "@google/genai/web";
import type { MessagePart } from "../core/message.ts";
import { IMAGE_LEFT_OUT } from "./sendable.ts";

type ImagePart = Extract<MessagePart, { type: "image_url" }>;

/** An image in a place where text may stand for it. */
export function imagePart(part: ImagePart): Part {
  const { url } = part.image_url;
  const inlineData = inlineImage(part);
  if (inlineData) return { inlineData };
  const mimeType = remoteType(url);
  return mimeType === undefined
    ? { text: IMAGE_LEFT_OUT }
    : { fileData: { fileUri: url, mimeType } };
}

/** What a tool gave back to be seen; what cannot be sent inline is left out. */
export function toolImages(parts: readonly MessagePart[]): (FunctionResponsePart & Part)[] {
  return parts.flatMap((part) => {
    const inlineData = part.type === "image_url" ? inlineImage(part) : undefined;
    return inlineData ? [{ inlineData }] : [];
  });
}

/** Any other type is refused, and the conversation with it. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["png", "image/png"],
  ["jpg", "image/jpeg"],
  ["jpeg", "image/jpeg"],
  ["webp", "image/webp"],
  ["heic", "image/heic"],
  ["heif", "image/heif"],
]);

function inlineImage({ image_url }: ImagePart): { mimeType: string; data: string } | undefined {
  const [, format = "", data = ""] = DATA_URL.exec(image_url.url) ?? [];
  const mimeType = TYPES.get(format.toLowerCase());
  return mimeType === undefined || data === "" ? undefined : { mimeType, data };
}

const DATA_URL = /^data:image\/([a-z]+)(?:;[^;,]*)*;base64,([a-z\d+/]+={0,2})$/i;

/** The API fetches it, but wants its type told. */
function remoteType(text: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== "https:" && url?.protocol !== "http:") return undefined;
  const ending = /\.([a-z]+)$/i.exec(url.pathname)?.[1] ?? "";
  return TYPES.get(ending.toLowerCase());
}
