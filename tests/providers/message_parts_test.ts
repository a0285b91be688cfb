import { strict as assert } from "node:assert";
import type { Message, MessagePart } from "../../src/core/message.ts";
import { hasImage, messageParts } from "../../src/providers/message_parts.ts";

const words: MessagePart = { type: "text", text: "part" };
const image: MessagePart = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const content: MessagePart = { type: "text", text: "whole" };
const cases: Readonly<Record<string, [parts: MessagePart[] | undefined, said: MessagePart[]]>> = {
  "the content where there are no parts": [undefined, [content]],
  "the content where all parts are text": [[words, words], [content]],
  "the parts where images go with words": [[image, words], [image, words]],
  "the content before images alone": [[image, image], [content, image, image]],
};
for (const [what, [parts, said]] of Object.entries(cases)) {
  Deno.test(`messageParts() says ${what}`, () => {
    assert.deepEqual(messageParts(message(parts)), said);
    assert.equal(hasImage(message(parts)), said.includes(image));
  });
}

function message(content_parts: MessagePart[] | undefined): Message {
  const base = { id: "m", role: "user", created_at: "2026-06-18T09:30:00Z" } as const;
  return { ...base, content: "whole", ...(content_parts && { content_parts }) };
}
