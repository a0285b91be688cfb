import { strict as assert } from "node:assert";
import { modelEndpoint } from "../../src/gateway/model_endpoint.ts";

const GRANTED = {
  openai: ["/chat/completions", "/responses"],
  anthropic: ["/messages"],
  gemini: [
    "/models/m-1:streamGenerateContent?alt=sse",
    "/models/m-1:streamGenerateContent",
    "/models/m-1:generateContent",
  ],
} as const;
const PROTOCOLS = ["openai", "anthropic", "gemini"] as const;

/** What the same keys open besides. */
const OTHERS = [
  "",
  "/",
  "/files",
  "/uploads",
  "/fine_tuning/jobs",
  "/batches",
  "/embeddings",
  "/images/generations",
  "/models",
  "/organization/users",
  "/chat",
  "/chat/completions/",
  "/chat/completions/id",
  "/chat/completions?",
  "/chat/completions?x=/models/m-1:",
  "/CHAT/completions",
  "//chat/completions",
  "/responses/id/cancel",
  "/messages/batches",
  "/messages?beta=true",
  "/models/m-1",
  "/models/m-1:countTokens",
  "/models/m-1:batchGenerateContent",
  "/models/m-1:generateContent/x",
  "/models/m-1:generateContent?alt=sse&key=another",
  "/models/m-1:generateContent?$alt=json",
  "/models/a/m-1:generateContent",
  "/models/:generateContent",
  "/models/%ff:generateContent",
  "/x/models/m-1:generateContent",
  "/tunedModels/m-1:generateContent",
  "/cachedContents",
];

for (const protocol of PROTOCOLS) {
  Deno.test(`modelEndpoint() grants a route of ${protocol} its own endpoints and no other`, () => {
    const all = [...Object.values(GRANTED).flat(), ...OTHERS];
    const granted = all.filter((place) => modelEndpoint(protocol, place) !== undefined);
    assert.deepEqual(granted, GRANTED[protocol]);
  });
}

Deno.test("modelEndpoint() tells the model that an address names", () => {
  const named = (name: string) => modelEndpoint("gemini", `/models/${name}:generateContent`)?.model;
  assert.deepEqual(["m-1", "a%20b%3Ac"].map(named), ["m-1", "a b:c"]);
  assert.deepEqual(modelEndpoint("openai", "/responses"), { model: undefined });
});
