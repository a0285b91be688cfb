// What a failed call's text says when the cage refused it: the lines of our own tools, as data.
// Whole lines only: a program's words that look like a piece of one are none.

export type Refusal =
  /** `path` lies outside the granted folders; undefined when the line does not give all of it. */
  | { readonly type: "ungranted"; readonly access: Access; readonly path: string | undefined }
  /** `host` with its port, as a grant names it. */
  | { readonly type: "ungranted_host"; readonly host: string }
  /** Nothing but the user's own hand changes `name`. */
  | { readonly type: "protected"; readonly name: string }
  /** The host did not say yes. */
  | { readonly type: "denied"; readonly resource: string }
  | { readonly type: "unavailable"; readonly tool: string; readonly why: string }
  | { readonly type: "disabled"; readonly tool: string };

type Access = "read" | "write";

/** Undefined for what failed in any other way. */
export function readRefusal(text: string): Refusal | undefined {
  const line = text.replace(/^Execution failed: /, "");
  return ungranted(line) ?? ungrantedHost(line) ?? protectedName(line) ?? denied(line) ??
    withoutTool(line);
}

/** A quoted text as path_text.ts writes it, which is JSON. */
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"`;

/** A path as roots.ts writes it for a command line. */
const ARGUMENT = String.raw`(?:[\w./@%+=:,-]+|${QUOTED})`;

const UNGRANTED = new RegExp(
  String.raw`^Cannot (read|write) ${QUOTED}: (?:it leads to ${QUOTED}, )?outside the ` +
    String.raw`(?:granted folders|folders granted for writing) \([^]*\); grant it with ` +
    String.raw`capabilities\.sandbox\.\1 \[(${QUOTED})\] or sheath run --\1 ${ARGUMENT}$`,
);

function ungranted(line: string): Refusal | undefined {
  const [, access, path = ""] = UNGRANTED.exec(line) ?? [];
  if (access !== "read" && access !== "write") return undefined;
  return { type: "ungranted", access, path: wholePath(unquoted(path)) };
}

/** path_text.ts shows so many characters of a path. */
const MAX_SHOWN = 400;

function wholePath(path: string | undefined): string | undefined {
  const isCut = path !== undefined && path.length > MAX_SHOWN && path.endsWith("…");
  return isCut ? undefined : path;
}

/** As web_judge.ts writes it, with where it was redirected from in front. */
const UNGRANTED_HOST = new RegExp(
  String.raw`^(?:${QUOTED} redirects to ${QUOTED}: )?Cannot fetch from "([\w.:[\]-]+)": ` +
    String.raw`the host is not granted; grant it with capabilities\.sandbox\.hosts \["\1"\]$`,
);

function ungrantedHost(line: string): Refusal | undefined {
  const [, host] = UNGRANTED_HOST.exec(line) ?? [];
  return host === undefined ? undefined : { type: "ungranted_host", host };
}

const PROTECTED = new RegExp(String.raw`^Cannot write ${QUOTED}: (${QUOTED}) is protected \(`);

function protectedName(line: string): Refusal | undefined {
  const name = unquoted(PROTECTED.exec(line)?.[1] ?? "");
  return name === undefined ? undefined : { type: "protected", name };
}

/** The beginnings of permission_gate.ts's and decide.ts's lines. */
const DENIED = new RegExp(
  "^Permission (?:denied by host for|denied for|request timed out after \\d+ s for|" +
    "not given, no approver is connected, for|request was withdrawn for): ([^]*)$",
);

function denied(line: string): Refusal | undefined {
  const [, resource] = DENIED.exec(line) ?? [];
  return resource === undefined ? undefined : { type: "denied", resource };
}

function withoutTool(line: string): Refusal | undefined {
  const [, tool, why] = /^Tool not available: ([\w.:-]{1,100}): (.+)$/.exec(line) ?? [];
  if (tool !== undefined && why !== undefined) return { type: "unavailable", tool, why };
  const [, name] = /^Tool disabled: ([\w.:-]{1,100}) is in the spec's disabled_tools$/.exec(line) ??
    [];
  return name === undefined ? undefined : { type: "disabled", tool: name };
}

function unquoted(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined; // not one of our lines after all
  }
}
