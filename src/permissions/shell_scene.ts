// What the judges of single commands are handed: where findings go and how to judge further texts.
import type { Findings } from "./shell_findings.ts";
import type { Word } from "./shell_word.ts";

/** Where a command reads from. */
export type Stdin =
  | { readonly type: "inherited" }
  | { readonly type: "pipe" }
  | { readonly type: "file" }
  /** `isKnown` is false when only a run tells the whole text. */
  | { readonly type: "text"; readonly text: string; readonly isKnown: boolean };

export type Scene = {
  readonly findings: Findings;
  readonly stdin: Stdin;
  /** Judges a text as a shell reads it. */
  readonly judgeText: (text: string) => void;
  /** Judges a command given as its words, the program first. */
  readonly judgeWords: (words: readonly Word[], scene: Scene) => void;
};

/** Looks at the arguments of one program. `name` is its last component in lower case. */
export type Judge = (
  command: { readonly name: string; readonly args: readonly Word[] },
  scene: Scene,
) => void;
