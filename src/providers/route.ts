// Which provider a worker uses, with which credential and at which address. Pure; makes nothing.
import { WorkerError } from "../core/errors.ts";
import { oneLine } from "./server_error.ts";

/** The protocols there is a provider for. */
export type Protocol = "openai" | "scripted";

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
    readonly protocol: "openai";
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
 * the first; its `provider_type`, else the name, is the protocol (wire: runtime, building). Throws
 * WorkerError `bad_input` with one line that holds no secret.
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
  switch (protocolOf(present(credential?.provider_type) ?? name, name)) {
    case "scripted":
      return { protocol: "scripted", name };
    case "openai":
      return {
        protocol: "openai",
        name,
        credentialIndex,
        baseUrl: baseUrlOf(credential, { name, usual: "https://api.openai.com/v1" }),
      };
  }
}

function protocolOf(word: string, name: string): Protocol {
  if (word === "openai" || word === "scripted") return word;
  const got = `unknown provider "${oneLine(word)}", expected openai or scripted`;
  throw bad(`create provider '${oneLine(name)}': ${got}`);
}

function baseUrlOf(
  credential: ProviderCredential | undefined,
  { name, usual }: { name: string; usual: string },
): string {
  const given = present(credential?.base_url);
  if (given !== undefined) return checkedUrl(given, name);
  if (present(credential?.api_key) === undefined) {
    throw bad(`create provider '${oneLine(name)}': no API key, expected one or a base_url`);
  }
  return usual;
}

function checkedUrl(text: string, name: string): string {
  const url = URL.parse(text);
  const flaw = url === null
    ? "not a URL, expected one like http://127.0.0.1:11434/v1"
    : flawOf(url);
  // The URL is not repeated: a flawed one may hold a password.
  if (flaw !== undefined) throw bad(`create provider '${oneLine(name)}': base_url: ${flaw}`);
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

function bad(message: string): WorkerError {
  return new WorkerError("bad_input", message);
}
