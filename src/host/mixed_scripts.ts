// Words that look like others because their letters come from different scripts. Pure.

/** Each word once, what is not ASCII in it as escapes, in order. */
export function mixedWords(text: string): string[] {
  const words = text.match(/[\p{L}\p{M}\p{N}_]+/gu) ?? [];
  return [...new Set(words.filter(isMixed))].map((word) =>
    word.replace(
      /[^\x20-\x7e]/gu,
      (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}}`,
    )
  );
}

function isMixed(word: string): boolean {
  return DISGUISED.test(word) || (/\p{Script=Latin}/u.test(word) && FOREIGN.test(word));
}

/** Latin letters under another number: fullwidth and mathematical ones. */
const DISGUISED = /[\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}]/u;

/** A letter of a script that is not written together with Latin in one word (after UTS 39). */
const FOREIGN =
  /(?![\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Common}\p{Script=Inherited}])\p{L}/u;
