// Makes the events of one answer as ModelEvent promises them: whole characters, well-formed calls,
// ids that differ. When which comes is the protocol's.
import type { ModelServer } from "./model_server.ts";
import { type ModelEvent, ProviderError, type ToolCallEvent } from "./provider.ts";
import { WholeCharacters } from "./whole_characters.ts";

export type AnswerOptions = Pick<ModelServer, "name" | "newCallId">;

export type DeltaEvent = Extract<ModelEvent, { readonly type: "text" | "reasoning" }>;
type EndEvent = Extract<ModelEvent, { readonly type: "end" }>;

/** One for each answer: it keeps what was cut off and which ids are taken. */
export class AnswerEvents {
  readonly #name: string;
  readonly #newCallId: () => string;
  readonly #text = new WholeCharacters();
  readonly #reasoning = new WholeCharacters();
  readonly #takenIds = new Set<string>();

  constructor({ name, newCallId }: AnswerOptions) {
    this.#name = name;
    this.#newCallId = newCallId;
  }

  /** None while nothing is whole. */
  text(piece: string): DeltaEvent[] {
    return delta("text", this.#text.add(piece));
  }

  /** None while nothing is whole. */
  reasoning(piece: string): DeltaEvent[] {
    return delta("reasoning", this.#reasoning.add(piece));
  }

  /** What was held back to the end. */
  rest(): DeltaEvent[] {
    return [...delta("reasoning", this.#reasoning.rest()), ...delta("text", this.#text.rest())];
  }

  /** A whole call; gets a new id where it has none, or that of an earlier one. */
  call(said: Omit<ToolCallEvent, "type">): ToolCallEvent {
    const id = said.id === "" || this.#takenIds.has(said.id) ? this.#newCallId() : said.id;
    this.#takenIds.add(id);
    const [name, text] = [said.name.toWellFormed(), said.arguments.toWellFormed()];
    return { type: "tool_call", id, name, arguments: text };
  }

  /** Without what is undefined. */
  end({ stop, usage, carry }: Omit<EndEvent, "type">): EndEvent {
    return {
      type: "end",
      stop,
      ...(usage && { usage }),
      ...(carry !== undefined && { carry }),
    };
  }

  /** The error for a stream that is no answer. */
  broken(why: string): ProviderError {
    return new ProviderError(`${this.#name}: ${why}`, { failure: "protocol" });
  }
}

function delta(type: DeltaEvent["type"], text: string): DeltaEvent[] {
  return text === "" ? [] : [{ type, delta: text }];
}
