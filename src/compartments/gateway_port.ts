// What the gateway is asked by the warden and by the agent, and what it tells the warden.
import * as z from "zod";
import type { Egress } from "../core/egress.ts";
import type { RouteRequest, RouteResponse } from "../gateway/gateway.ts";
import type { LiveRoute } from "../gateway/live_route.ts";
import type { MeterOptions } from "../gateway/meter.ts";
import type { WebRequest } from "../gateway/web_fetch.ts";
import type { WebGrant } from "../grants/web_grant.ts";
import { callLimit } from "./call_budget.ts";
import { common, nothing, portEnd } from "./common_port.ts";
import type { Side } from "./port.ts";

const headers = z.array(z.tuple([z.string(), z.string()]));
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);
const byteStream = z.custom<ReadableStream<Uint8Array<ArrayBuffer>>>((value) =>
  value instanceof ReadableStream
);

const route: z.ZodMiniType<LiveRoute> = z.object({
  id: z.string(),
  purpose: z.literal("provider"),
  origin: z.string(),
  pathPrefix: z.string(),
  methods: z.array(z.string()),
  protocol: z.enum(["openai", "anthropic", "gemini"]),
  headers: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
});

const rates = {
  input: z.number(),
  cachedInput: z.number(),
  cacheWrite: z.number(),
  output: z.number(),
};
const limit = z.union([z.number(), z.undefined()]);

const budget: z.ZodMiniType<MeterOptions> = z.object({
  limits: z.object({ totalTokens: limit, costUsd: limit }),
  prices: z.record(z.string(), z.object(rates)),
});

const web: z.ZodMiniType<WebGrant> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hosts"), hosts: z.array(z.string()) }),
  z.object({ type: z.literal("public") }),
]);

const webRequest: z.ZodMiniType<WebRequest> = z.object({ url: z.string(), headers });

const routeRequest: z.ZodMiniType<RouteRequest> = z.object({
  route: z.string(),
  method: z.string(),
  path: z.string(),
  headers,
  body: z.nullable(bytes),
});

const routeResponse: z.ZodMiniType<RouteResponse> = z.object({
  status: z.int(),
  headers,
  body: z.nullable(byteStream),
});

const egress: z.ZodMiniType<Egress> = z.object({
  route: z.optional(z.string()),
  host: z.string(),
  method: z.string(),
  status: z.optional(z.int()),
  bytes_sent: z.int(),
  bytes_received: z.int(),
});

/** By the warden. */
export const gatewayControl = {
  calls: {
    ...common,
    start: {
      params: z.object({
        routes: z.array(route),
        web,
        agent: portEnd,
        /** Undefined: what models cost is not counted. */
        budget: z.optional(budget),
        /** How many pages are fetched in all, and tools performed; undefined for no limit. */
        toolCalls: z.optional(callLimit),
      }),
      result: nothing,
    },
    /** Tells the egress of what is under way as it stands. */
    settle: { params: z.null(), result: nothing },
  },
  notices: {},
} satisfies Side;

/** What the warden is told by the gateway. */
export const wardenForGateway = {
  calls: {},
  notices: {
    /** A request is over; one for each that was not refused. */
    egress: { params: egress },
  },
} satisfies Side;

/** By the agent. */
export const gatewayForAgent = {
  calls: {
    fetch: { params: routeRequest, result: routeResponse },
    /** One page, from a host that the spec grants. */
    web: { params: webRequest, result: routeResponse },
  },
  notices: {},
} satisfies Side;
