// A text that one command hands to a shell as further commands.
import type { Scene } from "./shell_scene.ts";
import type { Word } from "./shell_word.ts";

/** Undefined when a program wants such a text and none was found. */
export function judgeShellText(text: Word | undefined, { findings, judgeText }: Scene): void {
  if (text === undefined || !text.isKnown) return findings.ask("runs a text that is not known");
  findings.warn("runs a text as commands");
  judgeText(text.text);
}
