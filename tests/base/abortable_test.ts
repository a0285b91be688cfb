import { strict as assert } from "node:assert";
import { abortable } from "../../src/base/abortable.ts";

const never = new AbortController().signal;

Deno.test("abortable() settles as the promise does", async () => {
  assert.equal(await abortable(Promise.resolve(1), never), 1);
  await assert.rejects(abortable(Promise.reject(new Error("no")), never), { message: "no" });
});

Deno.test("abortable() rejects with the reason, aborted before or during the wait", async () => {
  const { promise } = Promise.withResolvers<void>();
  await assert.rejects(abortable(promise, AbortSignal.abort(new Error("before"))), {
    message: "before",
  });
  const controller = new AbortController();
  const waiting = abortable(promise, controller.signal);
  controller.abort(new Error("during"));
  await assert.rejects(waiting, { message: "during" });
});
