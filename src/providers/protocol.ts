// The protocols, and what a `provider_type` stands for. Imports nothing: a program's start reads it.

/** The protocols there is a provider for. */
export const PROTOCOLS = ["openai", "anthropic", "gemini", "scripted"] as const;
export type Protocol = typeof PROTOCOLS[number];

/** Those that are asked over the network. */
export type RemoteProtocol = Exclude<Protocol, "scripted">;

export type Kind = {
  readonly protocol: Protocol;
  /** Where it is served when no base_url says; undefined: one must say. */
  readonly address?: string;
  /** Appended to the base_url. */
  readonly suffix?: string;
};

/** Exactly as the reference writes them, and our own `scripted` (wire: runtime, building). */
export const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["openai", { protocol: "openai", address: "https://api.openai.com/v1" }],
  ["anthropic", { protocol: "anthropic", address: "https://api.anthropic.com/v1" }],
  ["gemini", {
    protocol: "gemini",
    address: "https://generativelanguage.googleapis.com/v1beta",
  }],
  // The login of its own host is not ours to do: a server in front of it takes a key.
  ["copilot", { protocol: "openai" }],
  // A server that holds keys and passes on: a credential cannot say to whom, so to OpenAI.
  ["bodhi", { protocol: "openai", suffix: "/proxy/openai/v1" }],
  ["scripted", { protocol: "scripted" }],
]);
