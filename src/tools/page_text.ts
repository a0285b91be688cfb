// The bytes of a page as text: by what they are said to be, and in which encoding.

export type PageBytes = {
  readonly bytes: Uint8Array;
  /** The header, as it came. */
  readonly contentType: string | undefined;
};

export type PageText = {
  /** Lower case, without parameters; guessed where none was told. */
  readonly mediaType: string;
  /** Undefined for what is no text. */
  readonly text: string | undefined;
};

const BARE_BYTES = 1024;

export function pageText({ bytes, contentType = "" }: PageBytes): PageText {
  const told = (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
  const beginning = new TextDecoder("latin1").decode(bytes.subarray(0, BARE_BYTES));
  const mediaType = /^[\w.+-]+\/[\w.+-]+$/.test(told) ? told : guess(beginning);
  if (!isText(mediaType)) return { mediaType, text: undefined };
  const encoding = encodingOf(bytes) ?? labelIn(contentType) ?? declaredIn(beginning);
  return { mediaType, text: decoderFor(encoding).decode(bytes) };
}

export function isHtml(mediaType: string): boolean {
  return mediaType === "text/html" || mediaType === "application/xhtml+xml";
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith("text/") || /[/+](?:json|xml|yaml)$/.test(mediaType) ||
    TEXT_TYPES.includes(mediaType);
}

const TEXT_TYPES = [
  "application/javascript",
  "application/ld+json",
  "application/toml",
  "application/x-ndjson",
  "application/x-sh",
  "application/x-yaml",
];

function guess(beginning: string): string {
  if (/^\s*<(?:!doctype html|html|head|body)\b/i.test(beginning)) return "text/html";
  return beginning.includes("\0") ? "application/octet-stream" : "text/plain";
}

/** By the mark that some texts begin with. */
function encodingOf(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : undefined;
}

function labelIn(text: string): string | undefined {
  return /charset\s*=\s*["']?([\w:.-]+)/i.exec(text)?.[1];
}

function declaredIn(beginning: string): string | undefined {
  const tag = /<meta[^>]{0,500}/i.exec(beginning.slice(Math.max(0, beginning.search(CHARSET))));
  return labelIn(tag?.[0] ?? "") ?? /^<\?xml[^>]*encoding=["']([\w:.-]+)/i.exec(beginning)?.[1];
}

const CHARSET = /<meta[^>]{0,500}charset/i;

function decoderFor(label: string | undefined): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder(); // an encoding nobody knows
  }
}
