// What is to be approved, written so that a person reads something else.
import type { DirectCase } from "./direct_case.ts";

const about = { row: 21, layer: "host" } as const;

/** What a terminal obeys, what turns text round, and what nobody sees. */
const OBEYED = /(?!\n)\p{Cc}/u;
const TURNED = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const UNSEEN = /[\u00ad\u200b-\u200d\u2060\ufeff\u{e0000}-\u{e007f}]/u;

type Trick = {
  readonly resource: string;
  /** Whether a person who is shown this is deceived by it. */
  readonly deceives: (shown: string) => boolean;
};

const TRICKS: Readonly<Record<string, Trick>> = {
  "commands for the terminal": {
    resource: "rm -rf ~\x1b[2K\x1b[1A\rls\x07\x9b8m",
    deceives: (shown) => OBEYED.test(shown),
  },
  "text that runs backwards": {
    resource: "cat \u202etxt.seton\u202c \u2066~\u2069",
    deceives: (shown) => TURNED.test(shown),
  },
  "letters that nobody sees": {
    resource: "rm\u200b -rf \u2060~\u{e0041}",
    deceives: (shown) => UNSEEN.test(shown),
  },
  "ten thousand blank lines": {
    resource: `ls${"\n".repeat(10_000)}rm -rf ~`,
    deceives: (shown) => !shown.split("\n").slice(0, 60).join("\n").includes("rm -rf ~"),
  },
  "five hundred blanks": {
    resource: `ls${" ".repeat(500)}; rm -rf ~`,
    deceives: (shown) => shown.includes(" ".repeat(60)),
  },
  "a line that looks like ours": {
    resource: "ls\n  tool      Read\n  level     namespace",
    deceives: (shown) => /^ {2}tool {6}Read$/m.test(shown),
  },
  "letters of another script": {
    resource: "cat p\u0430ypal.txt",
    deceives: (shown) => !shown.includes("different scripts"),
  },
  "more than is shown": {
    resource: `echo ${"a".repeat(100_000)}; rm -rf ~`,
    deceives: (shown) =>
      !shown.includes("rm -rf ~") && !/not shown/.test(shown) ||
      shown.length > 50_000,
  },
};

export const APPROVAL_CASES: readonly DirectCase[] = Object.entries(TRICKS).map(
  ([what, { resource, deceives }]): DirectCase => ({
    ...about,
    name: `what is to be approved holds ${what}`,
    attack: (stage) => {
      const text = stage.shown(resource);
      const sign = deceives(text) ? "a person is shown something else" : undefined;
      return Promise.resolve({ sign, told: text.split("\n").at(-2) ?? "" });
    },
  }),
);
