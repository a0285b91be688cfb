import { strict as assert } from "node:assert";
import { type AddressKind, addressKind, isThisMachine } from "../../src/gateway/web_address.ts";

const KINDS: readonly (readonly [AddressKind | undefined, ...(readonly string[])])[] = [
  ["global", "93.184.216.34", "1.1.1.1", "223.255.255.254", "172.15.255.255", "172.32.0.1"],
  ["global", "100.63.255.255", "100.128.0.1", "2606:2800:220:1::1", "2a00:1450::1"],
  ["private", "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1"],
  ["private", "100.64.0.1", "100.127.255.255", "fc00::1", "fdff:ffff::1"],
  ["loopback", "127.0.0.1", "127.255.255.254", "::1", "0:0:0:0:0:0:0:1"],
  ["metadata", "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16"],
  ["metadata", "192.0.0.192", "fd00:ec2::254", "fd00:0ec2:0:0::254", "fd20:ce::254"],
  ["special", "0.0.0.0", "0.1.2.3", "169.254.0.1", "224.0.0.1", "239.255.255.255"],
  ["special", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1"],
  ["special", "198.18.0.1", "192.0.0.1", "192.88.99.1", "192.31.196.1", "192.52.193.1"],
  ["special", "::", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "2001:db8::1", "3fff::1"],
  ["special", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::ffff:7f00:1"],
  ["special", "::127.0.0.1", "::7f00:1", "::8.8.8.8", "::ffff:0:127.0.0.1"],
  ["special", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"],
  ["special", "2002:7f00:1::1", "2002:808:808::1", "2001::1", "2001:0:7f00:1::1"],
  ["special", "100::1", "5f00::1", "4000::1", "2001:10::1", "2001:2::1"],
  [undefined, "", "localhost", "127.1", "0x7f.0.0.1", "0177.0.0.1", "2130706433", "1.2.3"],
  [undefined, "1.2.3.4.5", "256.1.1.1", "[::1]", "::1::", "1.2.3.4:80", "a.example"],
];

for (const [kind, ...addresses] of KINDS) {
  for (const address of addresses) {
    Deno.test(`addressKind() of "${address}" is ${kind}`, () => {
      assert.equal(addressKind(address), kind);
    });
  }
}

Deno.test("isThisMachine() knows every spelling of this machine", () => {
  const here = ["127.0.0.1", "127.9.9.9", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1"];
  const elsewhere = ["10.0.0.1", "8.8.8.8", "fe80::1", "2606::1", "localhost", ""];
  assert.deepEqual(here.filter((address) => !isThisMachine(address)), []);
  assert.deepEqual(elsewhere.filter(isThisMachine), []);
});
