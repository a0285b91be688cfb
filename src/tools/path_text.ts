// Paths as text: which texts of the model count as a path, and how a message shows one.
import * as z from "zod";

const MAX_LENGTH = 4096;
const MAX_SHOWN = 400;

/** An argument that names a file or folder. */
export function pathField(description: string): z.ZodMiniString {
  return z.string().check(z.refine(isUsable, { error: complaint }), z.describe(description));
}

/** The path in quotes, with control characters written out and an overlong one cut. */
export function shown(path: string): string {
  return quoted(path.length > MAX_SHOWN ? `${path.slice(0, MAX_SHOWN)}…` : path);
}

/** The whole text in quotes, with control characters written out. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\x9f\p{Bidi_Control}]/gu, escape);
}

function isUsable(path: string): boolean {
  return problemOf(path) === undefined;
}

function complaint({ input }: { readonly input?: unknown }): string {
  return problemOf(String(input)) ?? "not a path";
}

function problemOf(path: string): string | undefined {
  if (path === "") return "expected a path, got an empty text";
  if (path.includes("\0")) return "expected a path, got a text with a NUL character";
  if (path.length > MAX_LENGTH) {
    return `expected a path of at most ${MAX_LENGTH} characters, got ${path.length}`;
  }
  if (/^~(?:\/|$)/.test(path)) return "expected a path, got one with ~, which is not expanded";
  return undefined;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
