// The parser of command lines. The only file that loads tree-sitter; what a line means is judged elsewhere.
import { Language, Parser } from "web-tree-sitter";
import type { Clock } from "../base/clock.ts";
import { misreading } from "./shell_misreading.ts";
import { Findings } from "./shell_findings.ts";
import { type NodeBudget, readTree, type ShellNode } from "./shell_tree.ts";
import { notUnderstood, type ShellVerdict } from "./shell_verdict.ts";
import { walkShell } from "./shell_walk.ts";

/** UTF-16 units of one line. */
const MAX_LENGTH = 64 * 1024;
const MAX_NODES = 50_000;
/** Of some sequences of them the parser takes memory without end, between two looks at the clock. */
const MAX_OPERATORS = 3_000;
/** All parsing of one line; of nonsense it may take time that grows with the square of its length. */
const MAX_PARSING_MS = 250;
/** Texts in texts: `sh -c "sh -c …"`. */
const MAX_TEXTS = 5;
/** Control and format characters, which show a line as another than it is; tabs and newlines are none. */
const INVISIBLE = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/u;

/** Why a line was not understood. */
class NotUnderstood extends Error {}

export class ShellParser {
  readonly #parser: Parser;
  readonly #clock: Clock;

  private constructor(parser: Parser, clock: Clock) {
    this.#parser = parser;
    this.#clock = clock;
  }

  /** `core` is tree-sitter itself, `language` its grammar of bash; both WebAssembly. */
  static async load(
    bytes: { readonly core: Uint8Array; readonly language: Uint8Array },
    { clock }: { readonly clock: Clock },
  ): Promise<ShellParser> {
    await Parser.init({ wasmBinary: bytes.core });
    const language = await Language.load(bytes.language);
    return new ShellParser(new Parser().setLanguage(language), clock);
  }

  /** Never throws: what cannot be understood is to be asked about. */
  analyse(command: string): ShellVerdict {
    const findings = new Findings();
    try {
      const endMs = this.#clock.monotonic() + MAX_PARSING_MS;
      this.#judge(command, { findings, budget: { left: MAX_NODES }, endMs, depth: 0 });
      return findings.verdict();
    } catch (thrown) {
      const why = thrown instanceof NotUnderstood ? thrown.message : "the parser failed";
      const failed = notUnderstood(command, `not understood: ${why}`);
      const found = findings.verdict();
      return {
        ...failed,
        reasons: [...failed.reasons, ...found.reasons],
        programs: found.programs,
        deletes: failed.deletes || found.deletes,
      };
    }
  }

  #judge(text: string, judging: Judging): void {
    const { findings, depth } = judging;
    if (depth > MAX_TEXTS) throw new NotUnderstood("texts in texts, too deep");
    demandReadable(text);
    const tree = this.#read(text, judging);
    const why = misreading(tree, text);
    if (why !== undefined) findings.ask(`not understood: ${why}`);
    walkShell(tree, {
      findings,
      source: text,
      stdin: { type: "inherited" },
      judgeText: (inner) => this.#judge(inner, { ...judging, depth: depth + 1 }),
    });
  }

  #read(source: string, { budget, endMs }: Judging): ShellNode {
    const progressCallback = () => this.#clock.monotonic() > endMs; // true stops it
    const tree = this.#parser.parse(source, null, { progressCallback });
    if (tree === null) {
      this.#parser.reset();
      throw new NotUnderstood("it takes too long to read");
    }
    try {
      if (tree.rootNode.hasError) throw new NotUnderstood("it is no shell syntax that we know");
      const node = readTree(tree, { source, budget });
      if (node === undefined) throw new NotUnderstood("it is too large or too deep");
      return node;
    } finally {
      tree.delete();
    }
  }
}

type Judging = {
  readonly findings: Findings;
  readonly budget: NodeBudget;
  /** When parsing has to be over, on the monotonic clock. */
  readonly endMs: number;
  readonly depth: number;
};

function demandReadable(text: string): void {
  if (text.length > MAX_LENGTH) throw new NotUnderstood("it is too long");
  if (INVISIBLE.test(text) || !text.isWellFormed()) {
    throw new NotUnderstood("it has characters that cannot be seen");
  }
  if ((text.match(/[|&;<>(){}`$[\]]/g)?.length ?? 0) > MAX_OPERATORS) {
    throw new NotUnderstood("it has too many operators");
  }
  // The parser ends the word there, a shell goes on with it.
  if (/[^\s]\\\n[^\s]/.test(text)) throw new NotUnderstood("a word goes on in the next line");
}
