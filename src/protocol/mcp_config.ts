// Which MCP servers a worker may use: two ways of writing them, one way of having them.
import * as z from "zod";
import {
  defaulted,
  expecting,
  flag,
  type Infer,
  isObject,
  list,
  optional,
  record,
  refuse,
  text,
  u32,
  u64,
} from "../core/schema.ts";
import { struct, tagged } from "../core/struct.ts";
import { check } from "./decode.ts";

const headersSchema = list(struct({ name: text, value: text }));

const httpFields = {
  url: text,
  headers: defaulted(headersSchema, () => []),
  connect_timeout_ms: defaulted(u64, 10_000),
};

export const mcpTransportSchema = tagged("type", [
  z.object({
    type: z.literal("stdio"),
    command: text,
    args: defaulted(list(text), () => []),
    cwd: optional(text),
    env: optional(record(text)),
    startup_timeout_ms: defaulted(u64, 20_000),
  }),
  z.object({ type: z.literal("sse"), ...httpFields }),
  z.object({ type: z.literal("streamable_http"), ...httpFields }),
]);
/** wire: TransportConfig. */
export type McpTransport = Infer<typeof mcpTransportSchema>;

const reconnectSchema = struct({
  enabled: defaulted(flag, true),
  initial_backoff_ms: defaulted(u64, 1000),
  max_backoff_ms: defaulted(u64, 30_000),
  /** 0 is without end. */
  max_attempts: defaulted(u32, 0),
});

export const mcpServerSchema = struct({
  id: text,
  name: optional(text),
  enabled: defaulted(flag, true),
  transport: mcpTransportSchema,
  request_timeout_ms: defaulted(u64, 60_000),
  healthcheck_interval_ms: defaulted(u64, 30_000),
  reconnect: defaulted(reconnectSchema, () => ({
    enabled: true,
    initial_backoff_ms: 1000,
    max_backoff_ms: 30_000,
    max_attempts: 0,
  })),
  /** The server's own names of tools; empty allows all. */
  allowed_tools: defaulted(list(text), () => []),
  denied_tools: defaulted(list(text), () => []),
});
/** wire: McpServerConfig. */
export type McpServer = Infer<typeof mcpServerSchema>;

/**
 * Reads `{servers: [...]}` or a map of names to servers, there also in short: a `command`, or a
 * `url` (SSE). The last server of an id counts.
 */
export const mcpConfigSchema = z.transform((raw: unknown, context): readonly McpServer[] => {
  if (!isObject(raw)) refuse(context, expecting("an object")({ input: raw }));
  const config = isObject(raw) ? raw : {};
  const servers = Object.hasOwn(config, "servers")
    ? readList(config["servers"], context)
    : readMap(config, context);
  return [...new Map(servers.map((server) => [server.id, server])).values()];
});
/** wire: McpConfig, as a list. */
export type McpConfig = Infer<typeof mcpConfigSchema>;

const serversSchema = list(mcpServerSchema);

function readList(raw: unknown, context: z.core.ParsePayload): readonly McpServer[] {
  const read = z.safeParse(serversSchema, raw);
  if (!read.success) refuseAll(read.error, context, "servers");
  return read.data ?? [];
}

function readMap(
  raw: Readonly<Record<string, unknown>>,
  context: z.core.ParsePayload,
): readonly McpServer[] {
  return Object.entries(raw).flatMap(([id, entry]) => {
    const server = isObject(entry) ? serverOf(id, entry) : entry;
    if (isObject(server) && !isGiven(server["transport"])) {
      return refuse(context, "expected a command, a url or a transport", { path: [id] }) ?? [];
    }
    const read = z.safeParse(mcpServerSchema, server);
    if (!read.success) refuseAll(read.error, context, id);
    return read.data ?? [];
  });
}

function refuseAll(error: z.core.$ZodError, context: z.core.ParsePayload, at: string): void {
  for (const { message, path } of error.issues) refuse(context, message, { path: [at, ...path] });
}

function serverOf(id: string, entry: Readonly<Record<string, unknown>>): unknown {
  const enabled = entry["enabled"] ?? (entry["disabled"] === true ? false : undefined);
  return { ...entry, id, enabled, transport: transportOf(entry) };
}

/** The transport as written out, else what the short form means; a bad one is told by the schema. */
function transportOf(entry: Readonly<Record<string, unknown>>): unknown {
  const { transport, command, url } = entry;
  if (z.safeParse(mcpTransportSchema, transport).success) return transport;
  const stdio = isGiven(command);
  const sse = isGiven(url);
  if (stdio && !sse) return { ...entry, type: "stdio" };
  if (sse && !stdio) return { ...entry, type: "sse", headers: headersOf(entry["headers"]) };
  return transport;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function headersOf(raw: unknown): unknown {
  if (raw === undefined || raw === null) return [];
  if (!isObject(raw)) return raw;
  return Object.entries(raw).map(([name, value]) => ({
    name,
    value: typeof value === "string" ? value : "",
  }));
}

/** What a spec has in `capabilities.mcp`. */
export function decodeMcpConfig(value: unknown): McpConfig {
  return check(mcpConfigSchema, value, { at: "capabilities.mcp" });
}
