// Which provider a worker uses, with which credential and at which address. Pure; makes nothing.
import { WorkerError } from "../core/errors.ts";
import { type Kind, KINDS, type RemoteProtocol } from "./protocol.ts";
import { oneLine } from "./server_error.ts";

/** The part of a spec that decides (wire: ProvisionSpec.model and .secrets). */
export type ProviderWish = {
  readonly model?: { readonly provider: string } | undefined;
  readonly credentials: readonly ProviderCredential[];
};

/** wire: ProvisionSpec.secrets.provider_credentials[]. */
export type ProviderCredential = {
  /** A provider's name, or the id of one instance of it. */
  readonly provider: string;
  readonly api_key: string;
  readonly base_url?: string | undefined;
  /** The protocol, where `provider` is an instance id. */
  readonly provider_type?: string | undefined;
};

export type ProviderChoice =
  | {
    readonly protocol: RemoteProtocol;
    /** How messages name the provider. */
    readonly name: string;
    /** Which of the credentials; its key may be empty where it names an address. */
    readonly credentialIndex: number;
    /** http or https, without a slash at its end. */
    readonly baseUrl: string;
  }
  | { readonly protocol: "scripted"; readonly name: string };

/**
 * The provider `model` names, else that of the first credential; the credential of that name, else
 * the first; its `provider_type`, else the name, is the protocol (wire: runtime, building). But a
 * key made for one address goes to no other (decision 0015). Throws WorkerError `bad_input` with
 * one line that holds no secret.
 */
export function chooseProvider({ model, credentials }: ProviderWish): ProviderChoice {
  const name = present(model?.provider) ?? present(credentials[0]?.provider);
  if (name === undefined) {
    throw bad("provision spec carries neither model.provider nor a credential");
  }
  const own = credentials.findIndex((credential) => credential.provider === name);
  // What has no need of a credential does not fall back on another provider's.
  if (own === -1 && name === "scripted") return { protocol: "scripted", name };
  const credentialIndex = Math.max(own, 0);
  const credential = credentials[credentialIndex];
  if (own === -1 && credential !== undefined) checkFallback(credential, name);
  const kind = kindOf(present(credential?.provider_type) ?? name, name);
  const { protocol } = kind;
  if (protocol === "scripted") return { protocol, name };
  return { protocol, name, credentialIndex, baseUrl: baseUrlOf(credential, { name, kind }) };
}

function kindOf(word: string, name: string): Kind {
  const kind = KINDS.get(word);
  if (kind !== undefined) return kind;
  const words = new Intl.ListFormat("en", { type: "disjunction" }).format(KINDS.keys());
  throw refusal(name, `unknown provider "${oneLine(word)}", expected ${words}`);
}

/** Another provider's credential serves where it names its own address, or no other provider. */
function checkFallback(credential: ProviderCredential, name: string): void {
  if (present(credential.base_url) !== undefined) return;
  const type = present(credential.provider_type) ?? credential.provider;
  if (!KINDS.has(type) || !KINDS.has(name) || type === name) return;
  const owner = oneLine(credential.provider);
  throw refusal(name, `no credential for it, and that of "${owner}" is for ${oneLine(type)} alone`);
}

function baseUrlOf(
  credential: ProviderCredential | undefined,
  { name, kind: { address, suffix = "" } }: { readonly name: string; readonly kind: Kind },
): string {
  const given = present(credential?.base_url);
  if (given !== undefined) return checkedUrl(given, name) + suffix;
  if (address === undefined) throw refusal(name, "no base_url, the address of its server");
  if (present(credential?.api_key) === undefined) {
    throw refusal(name, "no API key, expected one or a base_url");
  }
  return address;
}

function checkedUrl(text: string, name: string): string {
  const url = URL.parse(text);
  const flaw = url === null
    ? "not a URL, expected one like http://127.0.0.1:11434/v1"
    : flawOf(url);
  // The URL is not repeated: a flawed one may hold a password.
  if (flaw !== undefined) throw refusal(name, `base_url: ${flaw}`);
  return (url?.href ?? "").replace(/\/+$/, "");
}

function flawOf(url: URL): string | undefined {
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `the scheme is ${url.protocol.slice(0, -1)}, expected http or https`;
  }
  if (url.username !== "" || url.password !== "") return "holds a user name or password";
  return url.href.includes("?") || url.href.includes("#") ? "has a query or fragment" : undefined;
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}

function refusal(name: string, why: string): WorkerError {
  return bad(`create provider '${oneLine(name)}': ${why}`);
}

function bad(message: string): WorkerError {
  return new WorkerError("bad_input", message);
}
