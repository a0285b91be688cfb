// What only a model could write, or only another host could read, made fit to be sent in a history:
// a server would refuse the whole conversation for it, now and ever after.
import { isObject } from "../core/schema.ts";

/** OpenAI refuses any other name, even of a call that was never run. */
export function sendableName(name: string): string {
  return name.slice(0, 64).replace(/[^a-zA-Z0-9_-]/g, "_") || "unknown";
}

/** vLLM, SGLang and llama.cpp refuse a history in which arguments are not a JSON object. */
export function sendableArguments(text: string): string {
  const wellFormed = text.toWellFormed();
  if (wellFormed.trim() === "") return "{}";
  return isJsonObject(wellFormed) ? wellFormed : JSON.stringify({ invalid_json: wellFormed });
}

/** Whether a model server can read it: an attachment's URL means something to its host alone. */
export function isSendableImage(url: string): boolean {
  return /^(?:https?:|data:image\/)/i.test(url);
}

/** What stands in the place of an image that cannot be sent. */
export const IMAGE_LEFT_OUT = "[image not available]";

function isJsonObject(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    // What the model wrote is no JSON.
    return false;
  }
}
