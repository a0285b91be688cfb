// A route with its secret: what the gateway alone holds.
import type { Route } from "../grants/route.ts";

export type LiveRoute = {
  readonly id: string;
  readonly purpose: Route["purpose"];
  readonly origin: string;
  readonly pathPrefix: string;
  readonly methods: readonly string[];
  readonly protocol: Route["protocol"];
  /** Set on every request in place of whatever the agent sent under these names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Taken out of everything that comes back. */
  readonly secrets: readonly string[];
};

/** Joins a route with its key; an empty key is none (local servers need none). */
export function liveRoute(route: Route, key: string | undefined): LiveRoute {
  const { id, purpose, origin, pathPrefix, methods, protocol } = route;
  const headers = key ? headersFor(protocol, key) : {};
  return { id, purpose, origin, pathPrefix, methods, protocol, headers, secrets: key ? [key] : [] };
}

function headersFor(protocol: Route["protocol"], key: string): Record<string, string> {
  switch (protocol) {
    case "openai":
      return { authorization: `Bearer ${key}` };
    case "anthropic":
      return { "x-api-key": key };
    case "gemini":
      return { "x-goog-api-key": key };
  }
}
