// What the gateway is asked: by the warden and by the agent.
import * as z from "zod";
import type { RouteRequest, RouteResponse } from "../gateway/gateway.ts";
import type { LiveRoute } from "../gateway/live_route.ts";
import { common, nothing, portEnd } from "./common_port.ts";
import type { Side } from "./port.ts";

const headers = z.array(z.tuple([z.string(), z.string()]));
const bytes = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array);
const byteStream = z.custom<ReadableStream<Uint8Array<ArrayBuffer>>>((value) =>
  value instanceof ReadableStream
);

const route: z.ZodMiniType<LiveRoute> = z.object({
  id: z.string(),
  origin: z.string(),
  pathPrefix: z.string(),
  methods: z.array(z.string()),
  headers: z.record(z.string(), z.string()),
  secrets: z.array(z.string()),
});

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

/** By the warden. */
export const gatewayControl = {
  calls: {
    ...common,
    start: { params: z.object({ routes: z.array(route), agent: portEnd }), result: nothing },
  },
  notices: {},
} satisfies Side;

/** By the agent. */
export const gatewayForAgent = {
  calls: { fetch: { params: routeRequest, result: routeResponse } },
  notices: {},
} satisfies Side;
