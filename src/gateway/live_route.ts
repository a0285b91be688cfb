// A route with its secret: what the gateway alone holds.
import type { Authentication, Route } from "../grants/route.ts";

export type LiveRoute = {
  readonly id: string;
  readonly origin: string;
  readonly pathPrefix: string;
  readonly methods: readonly string[];
  /** Set on every request in place of whatever the agent sent under these names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Taken out of everything that comes back. */
  readonly secrets: readonly string[];
};

/** Joins a route with its key; an empty key is none (local servers need none). */
export function liveRoute(route: Route, key: string | undefined): LiveRoute {
  const { id, origin, pathPrefix, methods } = route;
  const headers = key ? headersFor(route.authentication, key) : {};
  return { id, origin, pathPrefix, methods, headers, secrets: key ? [key] : [] };
}

function headersFor(authentication: Authentication, key: string): Record<string, string> {
  switch (authentication) {
    case "bearer":
      return { authorization: `Bearer ${key}` };
  }
}
