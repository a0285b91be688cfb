import { strict as assert } from "node:assert";
import {
  chooseProvider,
  type ProviderChoice,
  type ProviderWish,
} from "../../src/providers/route.ts";

const OPENAI = "https://api.openai.com/v1";
const key = { provider: "openai", api_key: "k-1" };

const chosen: Readonly<Record<string, { wish: ProviderWish; choice: ProviderChoice }>> = {
  "the credential of the provider that model names": {
    wish: { model: { provider: "openai" }, credentials: [{ provider: "x", api_key: "" }, key] },
    choice: { protocol: "openai", name: "openai", credentialIndex: 1, baseUrl: OPENAI },
  },
  "the first credential when there is no model": {
    wish: { credentials: [key, { provider: "x", api_key: "" }] },
    choice: { protocol: "openai", name: "openai", credentialIndex: 0, baseUrl: OPENAI },
  },
  "the first credential when the model's provider is blank": {
    wish: { model: { provider: " " }, credentials: [key] },
    choice: { protocol: "openai", name: "openai", credentialIndex: 0, baseUrl: OPENAI },
  },
  "the first credential when none has the name": {
    wish: { model: { provider: "openai" }, credentials: [{ provider: "inst-1", api_key: "k" }] },
    choice: { protocol: "openai", name: "openai", credentialIndex: 0, baseUrl: OPENAI },
  },
  "the protocol that an instance's credential gives": {
    wish: {
      model: { provider: "inst-7" },
      credentials: [{ provider: "inst-7", api_key: "k", provider_type: "openai" }],
    },
    choice: { protocol: "openai", name: "inst-7", credentialIndex: 0, baseUrl: OPENAI },
  },
  "the name as protocol when provider_type is blank": {
    wish: { credentials: [{ ...key, provider_type: "" }] },
    choice: { protocol: "openai", name: "openai", credentialIndex: 0, baseUrl: OPENAI },
  },
  "Anthropic's own address": {
    wish: { credentials: [{ provider: "anthropic", api_key: "k" }] },
    choice: {
      protocol: "anthropic",
      name: "anthropic",
      credentialIndex: 0,
      baseUrl: "https://api.anthropic.com/v1",
    },
  },
  "Gemini's own address": {
    wish: { credentials: [{ provider: "inst-3", api_key: "k", provider_type: "gemini" }] },
    choice: {
      protocol: "gemini",
      name: "inst-3",
      credentialIndex: 0,
      baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    },
  },
  "OpenAI's protocol at the address of a copilot": {
    wish: { credentials: [{ provider: "copilot", api_key: "k", base_url: "http://host/" }] },
    choice: {
      protocol: "openai",
      name: "copilot",
      credentialIndex: 0,
      baseUrl: "http://host",
    },
  },
  "the place where a bodhi passes on to OpenAI": {
    wish: { credentials: [{ provider: "bodhi", api_key: "k", base_url: "http://host/" }] },
    choice: {
      protocol: "openai",
      name: "bodhi",
      credentialIndex: 0,
      baseUrl: "http://host/proxy/openai/v1",
    },
  },
  "another's credential at its own address": {
    wish: {
      model: { provider: "openai" },
      credentials: [{ provider: "anthropic", api_key: "k", base_url: "http://router/v1" }],
    },
    choice: {
      protocol: "openai",
      name: "openai",
      credentialIndex: 0,
      baseUrl: "http://router/v1",
    },
  },
  "another instance's credential of the same protocol": {
    wish: {
      model: { provider: "anthropic" },
      credentials: [{ provider: "inst-2", api_key: "k", provider_type: "anthropic" }],
    },
    choice: {
      protocol: "anthropic",
      name: "anthropic",
      credentialIndex: 0,
      baseUrl: "https://api.anthropic.com/v1",
    },
  },
  "another instance's credential and its protocol": {
    wish: {
      model: { provider: "inst-9" },
      credentials: [{ provider: "inst-2", api_key: "k", provider_type: "gemini" }],
    },
    choice: {
      protocol: "gemini",
      name: "inst-9",
      credentialIndex: 0,
      baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    },
  },
  "a local server without a key": {
    wish: { credentials: [{ ...key, api_key: "", base_url: "http://127.0.0.1:11434/v1/" }] },
    choice: {
      protocol: "openai",
      name: "openai",
      credentialIndex: 0,
      baseUrl: "http://127.0.0.1:11434/v1",
    },
  },
  "the address as a browser would read it": {
    wish: { credentials: [{ ...key, base_url: " HTTPS://API.Example.com:443\t/a/../v1 " }] },
    choice: {
      protocol: "openai",
      name: "openai",
      credentialIndex: 0,
      baseUrl: "https://api.example.com/v1",
    },
  },
  "the script by the model's name, whatever credentials there are": {
    wish: { model: { provider: "scripted" }, credentials: [{ ...key, provider_type: "openai" }] },
    choice: { protocol: "scripted", name: "scripted" },
  },
  "the script by a credential's type": {
    wish: { credentials: [{ provider: "demo", api_key: "", provider_type: "scripted" }] },
    choice: { protocol: "scripted", name: "demo" },
  },
};
for (const [what, { wish, choice }] of Object.entries(chosen)) {
  Deno.test(`chooseProvider() takes ${what}`, () => {
    assert.deepEqual(chooseProvider(wish), choice);
  });
}

const SUPPORTED = "expected openai, anthropic, gemini, copilot, bodhi, or scripted";
const refused: readonly (readonly [ProviderWish, string])[] = [
  [{ credentials: [] }, "provision spec carries neither model.provider nor a credential"],
  [
    { model: { provider: "" }, credentials: [{ provider: "  ", api_key: "k" }] },
    "provision spec carries neither model.provider nor a credential",
  ],
  [
    { model: { provider: "bodhi" }, credentials: [{ provider: "bodhi", api_key: "k" }] },
    "create provider 'bodhi': no base_url, the address of its server",
  ],
  [
    { credentials: [{ provider: "inst-1", api_key: "k", provider_type: "copilot" }] },
    "create provider 'inst-1': no base_url, the address of its server",
  ],
  [
    { credentials: [{ provider: "google", api_key: "k" }] },
    `create provider 'google': unknown provider "google", ${SUPPORTED}`,
  ],
  [
    { model: { provider: "openai" }, credentials: [{ provider: "anthropic", api_key: "k" }] },
    `create provider 'openai': no credential for it, and that of "anthropic" is for anthropic alone`,
  ],
  [
    {
      model: { provider: "gemini" },
      credentials: [{ provider: "inst-1", api_key: "k", provider_type: "openai" }],
    },
    `create provider 'gemini': no credential for it, and that of "inst-1" is for openai alone`,
  ],
  [
    {
      model: { provider: "openai" },
      credentials: [{ provider: "inst-1", api_key: "k", provider_type: "copilot" }],
    },
    `create provider 'openai': no credential for it, and that of "inst-1" is for copilot alone`,
  ],
  [
    {
      model: { provider: "anthropic" },
      credentials: [{ provider: "demo", api_key: "", provider_type: "scripted" }],
    },
    `create provider 'anthropic': no credential for it, and that of "demo" is for scripted alone`,
  ],
  [
    { credentials: [{ provider: "a\nb", api_key: "k", provider_type: "OpenAI" }] },
    `create provider 'a\\nb': unknown provider "OpenAI", ${SUPPORTED}`,
  ],
  [
    { model: { provider: "toString" }, credentials: [] },
    `create provider 'toString': unknown provider "toString", ${SUPPORTED}`,
  ],
  [
    { model: { provider: "openai" }, credentials: [] },
    "create provider 'openai': no API key, expected one or a base_url",
  ],
  [
    { credentials: [{ ...key, api_key: " " }] },
    "create provider 'openai': no API key, expected one or a base_url",
  ],
  [
    { credentials: [{ ...key, base_url: "localhost" }] },
    "create provider 'openai': base_url: not a URL, expected one like http://127.0.0.1:11434/v1",
  ],
  [
    { credentials: [{ ...key, base_url: "file:///etc" }] },
    "create provider 'openai': base_url: the scheme is file, expected http or https",
  ],
  [
    { credentials: [{ ...key, base_url: "http://user:pw@host/v1" }] },
    "create provider 'openai': base_url: holds a user name or password",
  ],
  [
    { credentials: [{ ...key, base_url: "http://:pw@host/v1" }] },
    "create provider 'openai': base_url: holds a user name or password",
  ],
  [
    { credentials: [{ ...key, base_url: "http://host/v1?a=b" }] },
    "create provider 'openai': base_url: has a query or fragment",
  ],
  [
    { credentials: [{ ...key, base_url: "http://host/v1?" }] },
    "create provider 'openai': base_url: has a query or fragment",
  ],
  [
    { credentials: [{ ...key, base_url: "http://host/v1#x" }] },
    "create provider 'openai': base_url: has a query or fragment",
  ],
];
for (const [wish, message] of refused) {
  Deno.test(`chooseProvider() throws bad_input for ${JSON.stringify(wish)}`, () => {
    assert.throws(() => chooseProvider(wish), {
      name: "WorkerError",
      fault: "bad_input",
      message,
    });
  });
}
