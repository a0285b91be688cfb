// From which hosts of the web pages may be fetched, and what that takes of each enforcement. Pure.
import { SEARCH_HOST } from "../core/search_engine.ts";

export type WebGrant =
  /** `host:port` each, the host as URL spells it; empty for none. */
  | { readonly type: "hosts"; readonly hosts: readonly string[] }
  /** Whatever has global addresses only. */
  | { readonly type: "public" };

/** The ports of "public". */
export const PUBLIC_PORTS: readonly number[] = [80, 443];

/** `hosts` as a checked spec names them: `host:port` each, or "public" alone. */
export function webGrant(hosts: readonly string[]): WebGrant {
  if (hosts[0] === "public") return { type: "public" };
  return { type: "hosts", hosts: [...new Set(hosts.map(plainHost))] };
}

/** Where URL and a spec's author may spell a host otherwise: `Example.COM:443`. */
function plainHost(host: string): string {
  return `${new URL(`http://${host}`).hostname}:${portOf(host)}`;
}

export function isGranted(web: WebGrant, host: string): boolean {
  switch (web.type) {
    case "public":
      return PUBLIC_PORTS.includes(portOf(host));
    case "hosts":
      return web.hosts.includes(host);
  }
}

/** Why the web's tools cannot be had, by the tool's name; empty when they can. */
export function refusedWebTools(web: WebGrant): Readonly<Record<string, string>> {
  if (web.type === "hosts" && web.hosts.length === 0) {
    const why = "capabilities.sandbox.hosts grants no host";
    return { WebFetch: why, WebSearch: why };
  }
  if (isGranted(web, SEARCH_HOST)) return {};
  return { WebSearch: `capabilities.sandbox.hosts does not grant "${SEARCH_HOST}"` };
}

/** The TCP ports that must be connectable. */
export function webPorts(web: WebGrant): readonly number[] {
  return web.type === "public" ? PUBLIC_PORTS : [...new Set(web.hosts.map(portOf))];
}

/**
 * The Deno net permissions that fetching takes; true is all of them, as "public" cannot be said
 * otherwise. A name is looked up, for which it must stand without a port, and then reached by its
 * address, which nobody knows yet: IPv4 only, since there is no permission for a range of IPv6.
 */
export function webPermissions(web: WebGrant): true | readonly string[] {
  if (web.type === "public") return true;
  return web.hosts.flatMap((host) =>
    isLiteral(host) ? [host] : [nameOf(host), `0.0.0.0/0:${portOf(host)}`]
  );
}

/** The part of `wanted` that lies within `parent`. */
export function weakerWeb(parent: WebGrant, wanted: WebGrant): WebGrant {
  if (parent.type === "public") {
    // A host by its name may also have private addresses, which are not public's.
    return wanted.type === "public" ? wanted : { type: "hosts", hosts: [] };
  }
  const hosts = wanted.type === "public" ? [] : wanted.hosts;
  return { type: "hosts", hosts: hosts.filter((host) => parent.hosts.includes(host)) };
}

/** Whether the host is an address, as URL spells one. */
function isLiteral(host: string): boolean {
  return /^(?:\[.+\]|[0-9.]+):\d+$/.test(host);
}

function nameOf(host: string): string {
  return host.slice(0, host.lastIndexOf(":"));
}

function portOf(host: string): number {
  return Number(host.slice(host.lastIndexOf(":") + 1));
}
