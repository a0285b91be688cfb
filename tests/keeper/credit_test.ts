import { strict as assert } from "node:assert";
import { Credit } from "../../src/keeper/credit.ts";
import { OUTPUT_CREDIT } from "../../src/keeper/messages.ts";
import { settle } from "../support/fake_clock.ts";

Deno.test("Credit.take() waits when all is given out and goes on as far as it is given back", async () => {
  const credit = new Credit();
  let taken = 0;
  const take = async () => {
    await credit.take();
    taken++;
  };
  const takes = Array.from({ length: OUTPUT_CREDIT + 3 }, take);
  await settle();
  assert.equal(taken, OUTPUT_CREDIT);
  credit.give(2);
  await settle();
  assert.equal(taken, OUTPUT_CREDIT + 2);
  credit.give(1);
  await Promise.all(takes);
  assert.equal(taken, OUTPUT_CREDIT + 3);
});
