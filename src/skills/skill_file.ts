// The text of a SKILL.md: what its front matter says, and the instructions below it. Pure, and
// strict, as agentskills.io has it; where the file lies is skill_scan.ts's.
import { readPlainYaml } from "../core/plain_yaml.ts";
import { isObject } from "../core/schema.ts";
import { isSkillId } from "../core/skill_id.ts";
import type { SkillHeader } from "../tools/skills.ts";

export type SkillFile =
  | { readonly type: "skill"; readonly header: SkillHeader; readonly instructions: string }
  /** `why` is one line. */
  | { readonly type: "bad"; readonly why: string };

const MAX_FRONT_MATTER = 16 * 1024;
const MAX_NAME = 128;
const MAX_DESCRIPTION = 1024;
const MAX_COMPATIBILITY = 500;
const MAX_TEXT = 1024;
const MAX_TOOLS = 64;
const MAX_TOOL = 128;

const KEYS = [
  "name",
  "description",
  "license",
  "compatibility",
  "allowed-tools",
  "argument-hint",
  "metadata",
] as const;

/** `id` is the name of the folder that the file lies in. */
export function parseSkillFile(bytes: Uint8Array, id: string): SkillFile {
  try {
    return read(decoded(bytes), id);
  } catch (thrown) {
    if (thrown instanceof Flaw) return { type: "bad", why: thrown.message };
    throw thrown;
  }
}

/** What is wrong with a file, in one line. */
class Flaw extends Error {}

function read(text: string, id: string): SkillFile {
  if (!isSkillId(id)) {
    throw new Flaw("its folder is not named in lower-case letters, digits and single hyphens");
  }
  const { front, rest } = split(text);
  const yaml = readPlainYaml(front);
  if (yaml.type === "bad") throw new Flaw(`front matter: ${firstLine(yaml.why)}`);
  if (!isObject(yaml.value)) throw new Flaw("front matter: expected a mapping");
  return { type: "skill", header: headerOf(yaml.value, id), instructions: rest.trim() };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Flaw("not UTF-8");
  }
}

/** What stands between two lines of three hyphens at the top, and what comes after. */
function split(text: string): { readonly front: string; readonly rest: string } {
  const [opening = ""] = /^---[ \t]*\r?\n/.exec(text) ?? [];
  if (opening === "") throw new Flaw("expected front matter: a first line of ---");
  const head = text.slice(opening.length, opening.length + MAX_FRONT_MATTER);
  const closing = /^---[ \t]*\r?$/m.exec(head);
  if (!closing) {
    throw new Flaw(`expected front matter to end with --- within ${MAX_FRONT_MATTER} characters`);
  }
  const end = opening.length + closing.index + closing[0].length;
  return { front: head.slice(0, closing.index), rest: text.slice(end) };
}

function headerOf(raw: Readonly<Record<string, unknown>>, id: string): SkillHeader {
  const known: readonly string[] = KEYS;
  const other = Object.keys(raw).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new Flaw(
      `unknown key ${JSON.stringify(other.slice(0, 60))}, expected ${KEYS.join(", ")}`,
    );
  }
  if (Object.hasOwn(raw, "metadata") && !isObject(raw.metadata)) {
    throw new Flaw("metadata: expected a mapping");
  }
  textIn(raw, "argument-hint", MAX_TEXT);
  return {
    id,
    name: nameIn(raw, id),
    description: descriptionIn(raw),
    license: textIn(raw, "license", MAX_TEXT),
    compatibility: textIn(raw, "compatibility", MAX_COMPATIBILITY),
    allowedTools: toolsIn(raw["allowed-tools"]),
  };
}

function nameIn(raw: Readonly<Record<string, unknown>>, id: string): string {
  const name = textIn(raw, "name", MAX_NAME) ?? "";
  const [folder, namespace = folder, ...more] = name.split(":").toReversed();
  if (folder === id && isSkillId(namespace ?? "") && more.length === 0) return name;
  throw new Flaw(`name: expected "${id}" or "namespace:${id}", as its folder is called`);
}

function descriptionIn(raw: Readonly<Record<string, unknown>>): string {
  const description = textIn(raw, "description", MAX_DESCRIPTION);
  if (description === undefined) throw new Flaw("description: missing");
  if (/[<>]/.test(description)) throw new Flaw("description: expected no < or >");
  return description;
}

/** Undefined where the key is not there. */
function textIn(
  raw: Readonly<Record<string, unknown>>,
  key: typeof KEYS[number],
  most: number,
): string | undefined {
  if (!Object.hasOwn(raw, key)) return undefined;
  return textOf(raw[key], key, most);
}

function textOf(value: unknown, key: string, most: number): string {
  if (typeof value !== "string") throw new Flaw(`${key}: expected a text`);
  const text = value.trim();
  if (text === "") throw new Flaw(`${key}: expected some text`);
  if (text.length > most) {
    throw new Flaw(`${key}: expected at most ${most} characters, got ${text.length}`);
  }
  return text;
}

/** A list of names, or names in a row: `Bash(git add:*) Read`. */
function toolsIn(raw: unknown): readonly string[] {
  if (raw === undefined) return [];
  const names = typeof raw === "string" ? raw.match(/[^\s,()]+(?:\([^)]*\))?/g) ?? [] : raw;
  if (!Array.isArray(names)) throw new Flaw("allowed-tools: expected a list of names");
  if (names.length > MAX_TOOLS) {
    throw new Flaw(`allowed-tools: expected at most ${MAX_TOOLS} names, got ${names.length}`);
  }
  return names.map((name: unknown) => textOf(name, "allowed-tools", MAX_TOOL));
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
