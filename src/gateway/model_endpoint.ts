// Which endpoints of a provider are granted: those by which a model answers, and none of the others
// that its key opens (files, fine-tuning, administration). Pure.
import type { Route } from "../grants/route.ts";

export type ModelEndpoint = {
  /** The model that the address names; undefined where the body does. */
  readonly model: string | undefined;
};

const OF_OPENAI = ["/chat/completions", "/responses"];
const OF_ANTHROPIC = ["/messages"];
const OF_GEMINI = /^\/models\/([^/:?]+):(?:streamGenerateContent|generateContent)(?:\?alt=sse)?$/;

/** `place` is path and query below the route's prefix, as they are sent; undefined for all others. */
export function modelEndpoint(
  protocol: Route["protocol"],
  place: string,
): ModelEndpoint | undefined {
  switch (protocol) {
    case "openai":
      return OF_OPENAI.includes(place) ? { model: undefined } : undefined;
    case "anthropic":
      return OF_ANTHROPIC.includes(place) ? { model: undefined } : undefined;
    case "gemini": {
      const [, name = ""] = OF_GEMINI.exec(place) ?? [];
      const model = decoded(name);
      return model ? { model } : undefined;
    }
  }
}

function decoded(name: string): string | undefined {
  try {
    return decodeURIComponent(name);
  } catch {
    return undefined; // no text
  }
}
