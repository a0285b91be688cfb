// Text of strangers made harmless to read: what cannot be seen is written out.

/** Lines and tabs stay; controls, bidirectional marks and invisible tags become `\u{…}`. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, escape);
}

const UNSEEN = /[\p{Bidi_Control}\u{e0000}-\u{e007f}]|(?![\n\t])\p{Cc}/gu;

function escape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}
