// What a Gemini model takes, told from its name. Pure. As documented up to November 2026.

/** The API's own lists put `models/` before each name. */
export function bareModel(model: string): string {
  return model.replace(/^models\//, "");
}

/** How much a model is to think is told in tokens up to 2.5, and in a word from 3 on. */
export function thinkingOf(model: string): "none" | "budget" | "level" {
  const version = versionOf(model);
  if (version >= 3) return "level";
  return version >= 2.5 ? "budget" : "none";
}

/** From 3 on a call in the history is refused without its signature. */
export function wantsSignatures(model: string): boolean {
  return versionOf(model) >= 3;
}

/** From 3 on the answer to a call may hold images. */
export function seesImagesOfTools(model: string): boolean {
  return versionOf(model) >= 3;
}

/** Names without a number, such as `gemini-flash-latest`, stand for the newest. */
function versionOf(model: string): number {
  const name = bareModel(model).toLowerCase();
  if (!name.startsWith("gemini-")) return 0;
  const version = /^gemini-(\d+(?:\.\d+)?)(?:-|$)/.exec(name)?.[1];
  return version === undefined ? Infinity : Number(version);
}
