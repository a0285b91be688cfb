// Makes the provider of a protocol, and loads its SDK only then. The list of members.
import type { Clock } from "../base/clock.ts";
import type { RemoteOptions } from "./model_server.ts";
import type { Provider } from "./provider.ts";
import type { Protocol } from "./protocol.ts";
import type { Script } from "./script.ts";

export type ProviderOptions = RemoteOptions & {
  readonly clock: Clock;
  /** For `scripted`; none means the demo. */
  readonly script?: Script | undefined;
  /** For `scripted`: the folder its tool calls name. */
  readonly workspace?: string | undefined;
};

export async function createProvider(
  protocol: Protocol,
  options: ProviderOptions,
): Promise<Provider> {
  switch (protocol) {
    case "openai": {
      const { openAiProvider } = await import("./openai.ts");
      return openAiProvider(options);
    }
    case "anthropic": {
      const { anthropicProvider } = await import("./anthropic.ts");
      return anthropicProvider(options);
    }
    case "gemini": {
      const { geminiProvider } = await import("./gemini.ts");
      return geminiProvider(options);
    }
    case "scripted": {
      const { scriptedProvider } = await import("./scripted.ts");
      return scriptedProvider({ ...options, script: options.script ?? await demo() });
    }
  }
}

/** Loads what `createProvider` will need, so that the first run does not wait for it. */
export async function loadProvider(protocol: Protocol): Promise<void> {
  switch (protocol) {
    case "openai":
      await import("./openai.ts");
      break;
    case "anthropic":
      await import("./anthropic.ts");
      break;
    case "gemini":
      await import("./gemini.ts");
      break;
    case "scripted":
      await import("./scripted.ts");
  }
}

async function demo(): Promise<Script> {
  const { demoScript } = await import("./demo_script.ts");
  return demoScript;
}
