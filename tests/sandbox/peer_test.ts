import { strict as assert } from "node:assert";
import { uidInStatus, uidInTable } from "../../src/sandbox/peer.ts";

const TABLE =
  `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:9C4B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51 1 0
   1: 0100007F:9C4B 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 53 1 0
   2: 0100007F:C350 0100007F:9C4B 01 00000000:00000000 00:00000000 00000000  1000        0 52 1 0
`;

Deno.test("uidInTable() gives the user of the client's end, not of ours", () => {
  assert.equal(uidInTable(TABLE, 50000, 40011), 1000);
});

Deno.test("uidInTable() knows nothing of a connection that is gone", () => {
  assert.equal(uidInTable(TABLE, 50001, 40011), undefined);
});

Deno.test("uidInStatus() reads the effective uid", () => {
  assert.equal(uidInStatus("Name:\tx\nUid:\t1\t2\t3\t4\n"), 2);
  assert.equal(uidInStatus("Name: x"), undefined);
});
