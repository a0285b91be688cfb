// What a program writes while a call waits for it: both streams whole, and its lines as they come.
import { LineCutter, MAX_LINE } from "./line_cutter.ts";

export class StreamTexts {
  readonly #onLines: (text: string) => void;
  readonly #cutters = {
    stdout: new LineCutter({ maxLength: MAX_LINE }),
    stderr: new LineCutter({ maxLength: MAX_LINE }),
  };
  readonly #texts = { stdout: "", stderr: "" };

  constructor(onLines: (text: string) => void) {
    this.#onLines = onLines;
  }

  push(stream: "stdout" | "stderr", text: string): void {
    this.#texts[stream] += text;
    this.#tell(this.#cutters[stream].push(text));
  }

  /** `notes` are lines to stand at the end of stderr. */
  end(notes: readonly string[]): { readonly stdout: string; readonly stderr: string } {
    const { stdout, stderr } = this.#texts;
    this.#tell([...this.#cutters.stdout.end(), ...this.#cutters.stderr.end(), ...notes]);
    const separator = notes.length === 0 || stderr === "" || stderr.endsWith("\n") ? "" : "\n";
    return { stdout, stderr: stderr + separator + notes.map((note) => `${note}\n`).join("") };
  }

  #tell(lines: readonly string[]): void {
    if (lines.length > 0) this.#onLines(lines.map((line) => `${line}\n`).join(""));
  }
}
