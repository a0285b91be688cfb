// The opening handshake of a WebSocket (RFC 6455 section 4), both sides: who may come in, and the texts sent.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hasToken, type HttpHead, onlyValue } from "./http_head.ts";

const ACCEPT_SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export type UpgradeVerdict =
  | { readonly type: "accepted"; readonly key: string }
  | { readonly type: "refused"; readonly status: string };

export type UpgradeRules = {
  /** The one `Host` that is right: any other came by a name that was made to point here. */
  readonly host: string;
  /** Asked for as `Authorization: Bearer <token>` when there is one. */
  readonly token: string | undefined;
};

/** Programs send no `Origin`, browsers always do: web pages stay out. */
export function judgeUpgrade(head: HttpHead, rules: UpgradeRules): UpgradeVerdict {
  const [method, , version] = head.firstLine.split(" ");
  if (version !== "HTTP/1.1") return refused("400 Bad Request");
  if (method !== "GET" || !hasToken(head, "upgrade", "websocket")) {
    return refused("426 Upgrade Required");
  }
  if (head.headers.has("origin")) return refused("403 Forbidden");
  if (onlyValue(head, "host") !== rules.host) return refused("403 Forbidden");
  if (rules.token !== undefined && !isBearer(head, rules.token)) return refused("401 Unauthorized");
  const key = onlyValue(head, "sec-websocket-key") ?? "";
  const isComplete = hasToken(head, "connection", "upgrade") &&
    onlyValue(head, "sec-websocket-version") === "13" && /^[A-Za-z0-9+/]{22}==$/.test(key);
  return isComplete ? { type: "accepted", key } : refused("400 Bad Request");
}

/** The server's answer. */
export function upgradeResponse(verdict: UpgradeVerdict): string {
  const lines = verdict.type === "accepted"
    ? [
      "HTTP/1.1 101 Switching Protocols",
      "upgrade: websocket",
      "connection: Upgrade",
      `sec-websocket-accept: ${acceptKey(verdict.key)}`,
    ]
    : [
      `HTTP/1.1 ${verdict.status}`,
      "upgrade: websocket",
      "sec-websocket-version: 13",
      "connection: close",
      "content-length: 0",
    ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** The client's question, and what makes an answer to it good. */
export function upgradeRequest(
  rules: UpgradeRules,
): { readonly text: string; isAccepted(head: HttpHead): boolean } {
  const key = randomBytes(16).toString("base64");
  const lines = [
    "GET / HTTP/1.1",
    `host: ${rules.host}`,
    "upgrade: websocket",
    "connection: Upgrade",
    "sec-websocket-version: 13",
    `sec-websocket-key: ${key}`,
    ...(rules.token === undefined ? [] : [`authorization: Bearer ${rules.token}`]),
  ];
  return {
    text: `${lines.join("\r\n")}\r\n\r\n`,
    isAccepted: (head) =>
      /^HTTP\/1\.1 101( |$)/.test(head.firstLine) &&
      onlyValue(head, "sec-websocket-accept") === acceptKey(key),
  };
}

function refused(status: string): UpgradeVerdict {
  return { type: "refused", status };
}

function isBearer(head: HttpHead, token: string): boolean {
  const [, offered] = onlyValue(head, "authorization")?.match(/^Bearer +(.+)$/i) ?? [];
  // Digests are of one length, so the comparison takes the same time whatever was offered.
  return offered !== undefined && timingSafeEqual(digest(offered), digest(token));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

function acceptKey(key: string): string {
  return createHash("sha1").update(key + ACCEPT_SALT).digest("base64");
}
