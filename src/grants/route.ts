// A place outside that the agent may talk to, by name: it never sees the address or the key.
import type { RemoteProtocol } from "../providers/protocol.ts";

export type Route = {
  /** The agent's name for it: `http://<id>.invalid/…`. */
  readonly id: string;
  readonly purpose: "provider";
  /** Scheme, host and port, as URL.origin writes them. */
  readonly origin: string;
  /** Put before every path; no slash at its end. */
  readonly pathPrefix: string;
  readonly methods: readonly string[];
  /** Decides which endpoints below the prefix are granted, and how requests carry the key. */
  readonly protocol: RemoteProtocol;
  /** Index in `secrets.provider_credentials` of the key this route carries. */
  readonly credential: number;
};

/** The host and port of a route's origin, as a Deno net permission names them. */
export function netPermission(route: Pick<Route, "origin">): string {
  return `${new URL(route.origin).hostname}:${portOf(route)}`;
}

export function portOf({ origin }: Pick<Route, "origin">): number {
  const { port, protocol } = new URL(origin);
  return Number(port) || (protocol === "https:" ? 443 : 80);
}
