import { strict as assert } from "node:assert";
import { modelServer, type RemoteOptions } from "../../src/providers/model_server.ts";
import { ProviderError } from "../../src/providers/provider.ts";

const options: RemoteOptions = {
  name: "my\nserver",
  baseUrl: "http://model.invalid/v1",
  fetch: () => Promise.resolve(new Response("no", { status: 401 })),
  clock: { now: () => 0 },
};

Deno.test("modelServer() names itself in one line, and its failures after itself", async () => {
  const { name, baseUrl, fetch } = modelServer(options);
  assert.deepEqual({ name, baseUrl }, { name: "my\\nserver", baseUrl: "http://model.invalid/v1" });
  await assert.rejects(fetch(baseUrl), (thrown) => {
    assert.ok(thrown instanceof ProviderError);
    assert.deepEqual([thrown.failure, thrown.status], ["auth", 401]);
    return thrown.message.startsWith("my\\nserver: HTTP 401");
  });
});

Deno.test("modelServer() makes ids that differ when it is given none", () => {
  const { newCallId } = modelServer(options);
  const [one, other] = [newCallId(), newCallId()];
  assert.match(one, /^call_[\da-f-]{36}$/);
  assert.notEqual(one, other);
});
