// session_note: what the model wants to remember in this session, beyond its context.
import * as z from "zod";
import { badInput, readInput } from "./input.ts";
import { jsonResult } from "./json_result.ts";
import { fileOfTopic, readTopic } from "./note_topic.ts";
import { MAX_NOTE_CHARACTERS, Notes } from "./notes.ts";
import type { Desk } from "./desk.ts";
import type { AgentTool } from "./tool.ts";

const DEFAULT_TOPIC = "default";

const input = z.looseObject({
  action: z.enum(["read", "append", "replace", "clear", "list_topics"]).check(
    z.describe("What to do: append adds to the end of the note, replace writes all of it anew."),
  ),
  content: z.optional(z.string().check(z.describe("The text to append or to put in its place."))),
  topic: z.optional(
    z.string().check(
      z.describe(`Which note, by a name of up to 50 characters; "${DEFAULT_TOPIC}" unless given.`),
    ),
  ),
});

export const sessionNoteTool: AgentTool = {
  name: "session_note",
  runs: "agent",
  description:
    `Notes of this session that outlive the conversation's compaction: decisions, findings, what is \
left to do. One note for each topic, of up to ${MAX_NOTE_CHARACTERS} characters; they are no files \
of the workspace. Never put secrets in them. Returns JSON.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    const request = readRequest(raw);
    if (request.action === "read" || request.action === "list_topics") {
      return { mutating: false, needs: [] };
    }
    const path = `session_note/${fileOfTopic(request.topic)}`;
    return { mutating: true, needs: [{ type: "write_file", path }] };
  },
  async perform(raw, desk, signal) {
    const request = readRequest(raw);
    const { action, topic } = request;
    const result = await jsonResult(signal, async () => {
      const facts = await act(request, desk, signal);
      return { action, session_id: desk.sessionId, topic, ...facts };
    });
    return { result };
  },
};

type Request = {
  readonly action: z.output<typeof input>["action"];
  readonly topic: string;
  /** Not empty where the action writes it. */
  readonly content: string;
};

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const { action, content = "", topic = DEFAULT_TOPIC } = readInput(input, raw);
  if (content === "" && (action === "append" || action === "replace")) {
    throw badInput("content", `expected the text to ${action}, got nothing`);
  }
  return { action, content, topic: readTopic(topic) };
}

async function act(
  { action, content, topic }: Request,
  { notesFolder }: Desk,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  const notes = new Notes(notesFolder);
  switch (action) {
    case "read":
      return bodyOf(await notes.read(topic, signal));
    case "append": {
      const before = await notes.read(topic, signal) ?? "";
      const gap = before === "" || before.endsWith("\n") ? "" : "\n";
      return await write(notes, { topic, text: `${before}${gap}${content}` }, signal);
    }
    case "replace":
      return await write(notes, { topic, text: content }, signal);
    case "clear":
      return { deleted: await notes.clear(topic) };
    case "list_topics": {
      const topics = await notes.topics();
      return { topics, count: topics.length };
    }
  }
}

async function write(
  notes: Notes,
  { topic, text }: { readonly topic: string; readonly text: string },
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  await notes.write(topic, text, signal);
  const length_chars = [...text].length;
  return { path: notes.path(topic), length_chars, max_chars: MAX_NOTE_CHARACTERS };
}

function bodyOf(text: string | undefined): Readonly<Record<string, unknown>> {
  const characters = [...text ?? ""];
  return {
    exists: text !== undefined,
    content: characters.slice(0, MAX_NOTE_CHARACTERS).join(""),
    length_chars: characters.length,
    body_truncated: characters.length > MAX_NOTE_CHARACTERS,
    max_chars: MAX_NOTE_CHARACTERS,
  };
}
