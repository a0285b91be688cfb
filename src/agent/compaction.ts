// What may go when a conversation is too long, and what stays. Pure.
import type { Message } from "../core/message.ts";
import { isObject } from "../core/schema.ts";
import { isHidden, isSummary } from "./conversation.ts";

export type TokensOf = (messages: readonly Message[]) => number;

/** wire: TokenBudget.prompt_cache_min_tool_output_chars and its neighbours. */
const LONG_OUTPUT = 1200;
const KEPT_HEAD = 280;
const KEPT_TAIL = 180;

/** Of skills that were loaded: what they say holds for all that comes after. */
const MAX_SKILL_CHARS = 40_000;

/** Rounds of calls whose results stay whole. */
export const RECENT_CHAINS = 2;

export type Shortened = {
  readonly messages: readonly Message[];
  /** How many outputs. */
  readonly count: number;
};

/**
 * Old tool outputs by their ends. The results of the newest rounds of calls stay whole, and loaded
 * skills; with no round that stays, nothing does.
 */
export function shortenOutputs(
  messages: readonly Message[],
  { recentChains }: { readonly recentChains: number },
): Shortened {
  const chains = messages.flatMap(({ tool_calls = [] }, at) => tool_calls.length > 0 ? [at] : []);
  const recent = recentChains === 0 ? Infinity : chains.at(-recentChains) ?? chains[0] ?? Infinity;
  const skills = new Set(newestSkills(messages, {
    isSkill: isSkillLoad,
    sizeOf: ({ content }) => content.length,
    room: recentChains === 0 ? 0 : MAX_SKILL_CHARS,
  }));
  let count = 0;
  const shortened = messages.map((message, at) => {
    const { role, content, never_compress } = message;
    const stays = never_compress || skills.has(message);
    if (at >= recent || role !== "tool" || stays || content.length <= LONG_OUTPUT) {
      return message;
    }
    count++;
    return { ...message, content: ends(content, { head: KEPT_HEAD, tail: KEPT_TAIL }) };
  });
  return { messages: shortened, count };
}

/** The two ends of a text, and how much is left out between them. */
export function ends(text: string, { head, tail }: { head: number; tail: number }): string {
  const left = text.length - head - tail;
  if (left <= 0) return text;
  const note = `[… ${left} characters left out to save room; call the tool again to see them …]`;
  const start = text.slice(0, head).toWellFormed();
  return `${start}\n${note}\n${text.slice(text.length - tail).toWellFormed()}`;
}

/** What becomes of a conversation: the old go, all else stays in its order around the summary. */
export type Split = {
  readonly kept: readonly Message[];
  readonly old: readonly Message[];
  readonly recent: readonly Message[];
};

const KEPT_USER_TURNS = 3;
/** Part of the target that loaded skills may take. */
const SKILLS_PART = 0.25;
/** Part of the target that the summary itself may take. */
const SUMMARY_PART = 0.25;

/**
 * Keeps the first and the newest three texts of the user, what must never be compressed, and as
 * much of the end as fits the target; at the least the newest segment. Undefined when what is left
 * over is not worth a summary.
 */
export function splitForSummary(
  messages: readonly Message[],
  { targetTokens, tokensOf, least }: {
    readonly targetTokens: number;
    readonly tokensOf: TokensOf;
    /** Fewer messages are not worth a summary. */
    readonly least: number;
  },
): Split | undefined {
  const segments = segmentsOf(messages);
  const fixed = new Set([
    ...userTurns(segments, { targetTokens, tokensOf }),
    ...pinned(segments),
    ...newestSkills(segments, {
      isSkill: (segment) => segment.some(isSkillLoad),
      sizeOf: tokensOf,
      room: targetTokens * SKILLS_PART,
    }),
  ]);
  let room = targetTokens * (1 - SUMMARY_PART) -
    tokensOf(segments.filter((segment) => fixed.has(segment)).flat());
  let from = segments.length - 1;
  room -= tokensOf(segments[from] ?? []);
  for (; from > 0; from--) {
    const before = segments[from - 1] ?? [];
    const cost = fixed.has(before) ? 0 : tokensOf(before);
    if (cost > room) break;
    room -= cost;
  }
  const head = segments.slice(0, from);
  const old = head.filter((segment) => !fixed.has(segment)).flat();
  if (old.length < least) return undefined;
  return {
    kept: head.filter((segment) => fixed.has(segment)).flat(),
    old,
    recent: segments.slice(from).flat(),
  };
}

/** Messages that go or stay together: a message with calls, and what answers them. */
function segmentsOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const segments: Message[][] = [];
  for (const message of messages) {
    const last = segments.at(-1);
    if (message.role === "tool" && last) last.push(message);
    else segments.push([message]);
  }
  return segments;
}

/** Those of a user's texts that stay: not one that would fill the target by itself. */
function userTurns(
  segments: readonly (readonly Message[])[],
  { targetTokens, tokensOf }: { readonly targetTokens: number; readonly tokensOf: TokensOf },
): readonly (readonly Message[])[] {
  const turns = segments.filter(([message]) =>
    message?.role === "user" && !isHidden(message) && !isSummary(message)
  );
  const [first = []] = turns;
  const newest = turns.slice(-KEPT_USER_TURNS).filter((turn) => tokensOf(turn) <= targetTokens / 8);
  return [first, ...newest];
}

function pinned(segments: readonly (readonly Message[])[]): readonly (readonly Message[])[] {
  return segments.filter((segment) => segment.some(({ never_compress }) => never_compress));
}

/** The newest of those that hold a loaded skill, as far as there is room for them. */
function newestSkills<Item>(
  items: readonly Item[],
  { isSkill, sizeOf, room }: {
    readonly isSkill: (item: Item) => boolean;
    readonly sizeOf: (item: Item) => number;
    readonly room: number;
  },
): readonly Item[] {
  let left = room;
  return items.filter(isSkill).toReversed().filter((item) => {
    const size = sizeOf(item);
    if (size > left) return false;
    left -= size;
    return true;
  });
}

function isSkillLoad({ role, tool_success, metadata }: Message): boolean {
  return role === "tool" && tool_success === true && isObject(metadata) &&
    metadata["tool_name"] === "load_skill";
}
