import { strict as assert } from "node:assert";
import { isHtml, pageText } from "../../src/tools/page_text.ts";
import { plainText } from "../../src/tools/plain_text.ts";

const bytes = (...parts: readonly (string | readonly number[])[]) =>
  new Uint8Array(
    parts.flatMap((part) => typeof part === "string" ? [...new TextEncoder().encode(part)] : part),
  );

const TEXTS: readonly (readonly [
  contentType: string | undefined,
  bytes: Uint8Array,
  mediaType: string,
  text: string | undefined,
])[] = [
  ["text/html", bytes("é"), "text/html", "é"],
  ["Text/HTML; charset=ISO-8859-2", bytes([0xb1]), "text/html", "ą"],
  ['text/plain; charset="windows-1251"', bytes([0xcf]), "text/plain", "П"],
  ["text/plain; charset=shift_jis", bytes([0x83, 0x41]), "text/plain", "ア"],
  ["text/plain; charset=unheard-of", bytes("é"), "text/plain", "é"],
  [
    "text/html",
    bytes("<meta charset=windows-1252>", [0x80]),
    "text/html",
    "<meta charset=windows-1252>€",
  ],
  [
    "text/html",
    bytes("<META http-equiv=x content='text/html; Charset=latin1'>", [0xe9]),
    "text/html",
    "<META http-equiv=x content='text/html; Charset=latin1'>é",
  ],
  [
    "text/html; charset=utf-8",
    bytes("<meta charset=latin1>é"),
    "text/html",
    "<meta charset=latin1>é",
  ],
  [
    "text/xml",
    bytes('<?xml encoding="latin1"?>', [0xe9]),
    "text/xml",
    '<?xml encoding="latin1"?>é',
  ],
  ["text/plain", bytes([0xff, 0xfe, 0x41, 0]), "text/plain", "A"],
  ["text/plain", bytes([0xfe, 0xff, 0, 0x41]), "text/plain", "A"],
  ["text/plain; charset=latin1", bytes([0xef, 0xbb, 0xbf], "é"), "text/plain", "é"],
  ["text/plain", bytes([0x61, 0xff, 0x62]), "text/plain", "a\ufffdb"],
  ["application/xhtml+xml", bytes("x"), "application/xhtml+xml", "x"],
  ["application/octet-stream", bytes("x"), "application/octet-stream", undefined],
  ["image/svg+xml", bytes("<svg>"), "image/svg+xml", "<svg>"],
  [undefined, bytes(" <!DOCTYPE html><p>"), "text/html", " <!DOCTYPE html><p>"],
  [undefined, bytes("plain"), "text/plain", "plain"],
  [undefined, bytes([0, 1]), "application/octet-stream", undefined],
  ["", bytes(), "text/plain", ""],
];

for (const [contentType, given, mediaType, text] of TEXTS) {
  Deno.test(`pageText() reads ${contentType}, ${given.length} bytes, as ${mediaType}`, () => {
    assert.deepEqual(pageText({ bytes: given, contentType }), { mediaType, text });
  });
}

Deno.test("isHtml() knows both kinds", () => {
  const types = ["text/html", "application/xhtml+xml", "text/xml", "image/svg+xml"];
  assert.deepEqual(types.map(isHtml), [true, true, false, false]);
});

Deno.test("plainText() writes out what cannot be seen, and nothing else", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["a\tb\nc é 漢 😀 👩‍👩‍👧", "a\tb\nc é 漢 😀 👩‍👩‍👧"],
    ["a\r\nb\rc", "a\nb\nc"],
    ["\0\x07\x1b\x7f\x9b", "\\u{0}\\u{7}\\u{1b}\\u{7f}\\u{9b}"],
    ["\u202e\u2066\u200f\u061c", "\\u{202e}\\u{2066}\\u{200f}\\u{61c}"],
    ["\u{e0041}\u{e007f}", "\\u{e0041}\\u{e007f}"],
  ];
  for (const [text, plain] of cases) assert.equal(plainText(text), plain);
});
