// Topics of notes: their one spelling, and the file each has.
import { HERE, namesDevice, type PathSystem } from "../base/path_system.ts";
import { badInput } from "./input.ts";
import { quoted } from "./path_text.ts";

const MAX_CHARACTERS = 50;
const EXTENSION = ".md";

/**
 * The topic as it is kept: names that a file system or a reader takes for the same are the same.
 * @throws WorkerError `bad_input`.
 */
export function readTopic(text: string): string {
  const topic = spellingOf(text);
  if (topic === "") throw badInput("topic", "expected a name, got only blanks");
  if (!topic.isWellFormed() || INVISIBLE.test(topic)) {
    throw badInput("topic", `expected visible characters, got ${quoted(text.slice(0, 100))}`);
  }
  const { length } = [...topic];
  if (length <= MAX_CHARACTERS) return topic;
  throw badInput("topic", `expected at most ${MAX_CHARACTERS} characters, got ${length}`);
}

/** A name without `/`, dots or upper case, of at most 204 bytes; each topic has its own. */
export function fileOfTopic(topic: string, system: PathSystem = HERE): string {
  const name = topic.replace(/[^a-z0-9_\-\u0080-\u{10ffff}]/gu, escaped);
  const isDevice = system === "windows" && namesDevice(name);
  return (isDevice ? name.replace(/^./, escaped) : name) + EXTENSION;
}

/** The topic whose file this is; undefined for other files. */
export function topicOfFile(name: string): string | undefined {
  try {
    const topic = decodeURIComponent(name.slice(0, -EXTENSION.length));
    return fileOfTopic(readTopic(topic)) === name ? topic : undefined;
  } catch {
    return undefined; // the name escapes something in another way than ours, or names no topic
  }
}

/** Controls, format characters, line ends, what is not assigned. */
const INVISIBLE = /\p{C}|\p{Default_Ignorable_Code_Point}|\p{Zl}|\p{Zp}/u;

/** By way of the upper case, which may be several letters: ß and ss are the same. */
function spellingOf(text: string): string {
  const folded = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase().normalize("NFKC");
  return folded.trim().replace(/ +/g, " ");
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
