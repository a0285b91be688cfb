// Whether an address of the web may be fetched: first as it is written, then by where it leads.
// Pure, and the only place that decides.
import { isGranted, PUBLIC_PORTS, type WebGrant } from "../grants/web_grant.ts";
import { addressKind, isThisMachine } from "./web_address.ts";

export type WebRules = {
  readonly grant: WebGrant;
  /** `host:port` of every other route: those are reached as routes only. */
  readonly taken: readonly string[];
};

export type WebTarget = {
  readonly type: "granted";
  readonly url: URL;
  /** `host:port` as a grant names it. */
  readonly host: string;
  /** The host without brackets. */
  readonly name: string;
  readonly port: number;
  /** Whether the host is an address itself. */
  readonly isLiteral: boolean;
};

export type WebRefusal = { readonly type: "refused"; readonly why: string };

const MAX_URL = 4096;

/** Judges the text of an address. What the URL parser would have to mend is refused. */
export function judgeUrl(text: string, rules: WebRules): WebTarget | WebRefusal {
  const problem = problemOf(text);
  if (problem !== undefined) return refused(`Cannot fetch this address: ${problem}`);
  const url = new URL(text);
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const host = `${url.hostname}:${port}`;
  const spelling = spellingProblem(text, url);
  if (spelling !== undefined) return refused(`Cannot fetch from "${host}": ${spelling}`);
  if (rules.taken.includes(host)) return refused(takenLine(host));
  if (!isGranted(rules.grant, host)) return refused(ungrantedLine(host, rules.grant));
  const name = url.hostname.replace(/^\[|\]$/g, "");
  return {
    type: "granted",
    url,
    host,
    name,
    port,
    isLiteral: addressKind(name) !== undefined,
  };
}

/** Why the target must not be reached at `address`; undefined if it may. */
export function judgeAddress(
  address: string,
  { host, name, port, isLiteral }: WebTarget,
  { grant, taken }: WebRules,
): WebRefusal | undefined {
  if (taken.some((place) => isSamePlace(place, { address, port }))) return refused(takenLine(host));
  const kind = addressKind(address);
  if (isLiteral && grant.type === "hosts") {
    return address === name ? undefined : refused(`Cannot fetch from "${host}": it is ${address}`);
  }
  const mayBe = allowedKinds(name, grant);
  if (kind !== undefined && mayBe.includes(kind)) return undefined;
  const what = kind === undefined ? "no address" : `a ${kind} address`;
  const leads = isLiteral ? `it is ${what}` : `it leads to ${address}, ${what}`;
  const covers = grant.type === "public" ? '"public"' : "a grant by name";
  return refused(`Cannot fetch from "${host}": ${leads}, which ${covers} does not cover`);
}

/** A name may stand for a server of one's own network, but not for one's own machine. */
function allowedKinds(name: string, grant: WebGrant): readonly string[] {
  if (grant.type === "public") return ["global"];
  return /(?:^|\.)localhost$/.test(name)
    ? ["global", "private", "loopback"]
    : ["global", "private"];
}

function problemOf(text: string): string | undefined {
  if (text.length > MAX_URL) {
    return `it has ${text.length} characters, expected at most ${MAX_URL}`;
  }
  // deno-lint-ignore no-control-regex
  if (/[\0-\x1f\x7f]/.test(text)) return "it holds a control character";
  if (!URL.canParse(text)) return "it is none, expected https://host/path";
  const { protocol, username, password } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return "expected http or https";
  if (username !== "" || password !== "") return "it holds a user or password";
  return undefined;
}

/** The parser turns many spellings into one host; only the plain one counts as that host. */
function spellingProblem(text: string, { protocol, hostname, port }: URL): string | undefined {
  const prefix = `${protocol}//`;
  const plain = `its host is spelled in another way, expected ${prefix}${hostname}`;
  if (text.slice(0, prefix.length).toLowerCase() !== prefix) return plain;
  const [authority = ""] = text.slice(prefix.length).split(/[/?#]/, 1);
  const [, spelled = "", digits] = /^(.*?)(?::(\d*))?$/.exec(authority) ?? [];
  if (spelled.toLowerCase() !== hostname) return plain;
  if (digits !== undefined && digits !== (port || defaultPort(protocol))) {
    return "its port is spelled in another way";
  }
  if (hostname.endsWith(".")) return "its host ends in a dot";
  if (!/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(hostname)) return "its host is no plain name";
  return undefined;
}

function defaultPort(protocol: string): string {
  return protocol === "https:" ? "443" : "80";
}

function ungrantedLine(host: string, grant: WebGrant): string {
  if (grant.type === "public") {
    return `Cannot fetch from "${host}": "public" covers the ports ${
      PUBLIC_PORTS.join(" and ")
    } only`;
  }
  return `Cannot fetch from "${host}": the host is not granted; grant it with ` +
    `capabilities.sandbox.hosts ["${host}"]`;
}

function takenLine(host: string): string {
  return `Cannot fetch from "${host}": it is the place of a route that carries a key`;
}

/** Whether `place`, a `host:port`, is reached at the address: by its literal, or as this machine. */
function isSamePlace(
  place: string,
  { address, port }: { readonly address: string; readonly port: number },
): boolean {
  const at = place.lastIndexOf(":");
  if (Number(place.slice(at + 1)) !== port) return false;
  const name = place.slice(0, at).replace(/^\[|\]$/g, "");
  if (name === address) return true;
  const isHere = /(?:^|\.)localhost$/.test(name) || isThisMachine(name);
  return isHere && isThisMachine(address);
}

function refused(why: string): WebRefusal {
  return { type: "refused", why };
}
