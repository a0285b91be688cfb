// What a provider wants to see again with its own answer, kept in the message's metadata.
import { isObject } from "../core/schema.ts";
import type { Message } from "../core/message.ts";
import type { Protocol } from "./protocol.ts";

/** Who made it: another model, or another API, could only refuse it. */
export type Origin = { readonly protocol: Protocol; readonly model: string };

/** Metadata of the assistant message; `data` is JSON. */
export function carryMetadata({ protocol, model }: Origin, data: unknown): Record<string, unknown> {
  return { carry: { protocol, model, data } };
}

/** What `origin` itself left with the message, not checked; undefined for anybody else's. */
export function carriedBy({ metadata }: Message, { protocol, model }: Origin): unknown {
  if (!isObject(metadata) || !isObject(metadata["carry"])) return undefined;
  const { carry } = metadata;
  return carry["protocol"] === protocol && carry["model"] === model ? carry["data"] : undefined;
}
