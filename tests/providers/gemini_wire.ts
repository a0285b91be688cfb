// Answers as Google's server writes them.
import { type Answer } from "./contract.ts";
import { eventStream } from "./model_server.ts";

/** One chunk of an answer. */
export function chunkOf(parts: readonly unknown[], fields: object = {}): unknown {
  return { candidates: [{ content: { role: "model", parts }, index: 0, ...fields }] };
}

/** Arguments are objects here: a text in their place stands for what is none. */
export function responseOf({ reasoning, text = [], calls = [], usage, failure }: Answer): Response {
  if (failure) {
    const error = { code: failure.status, message: failure.message, status: "SOME_STATUS" };
    return Response.json([{ error }], { status: failure.status });
  }
  const chunks = [
    ...(reasoning === undefined ? [] : [chunkOf([{ text: reasoning, thought: true }])]),
    ...text.map((said) => chunkOf([{ text: said }])),
    ...calls.map(({ id, name, arguments: written }) =>
      chunkOf([{ functionCall: { id, name, args: objectOr(written) } }])
    ),
  ];
  const usageMetadata = usage &&
    { promptTokenCount: usage.prompt, candidatesTokenCount: usage.completion };
  const last = { candidates: [{ finishReason: "STOP", index: 0 }], usageMetadata };
  return eventStream(...chunks, last);
}

function objectOr(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    // The model wrote no JSON.
    return written;
  }
}
