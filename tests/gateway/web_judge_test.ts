import { strict as assert } from "node:assert";
import { judgeAddress, judgeUrl, type WebRules } from "../../src/gateway/web_judge.ts";
import { webGrant } from "../../src/grants/web_grant.ts";

const TAKEN = ["api.example:443", "127.0.0.1:4000", "[2606::9]:443"];
const PUBLIC: WebRules = { grant: webGrant(["public"]), taken: TAKEN };
const NAMED: WebRules = {
  grant: webGrant([
    "good.example:443",
    "good.example:8080",
    "Upper.Example:80",
    "127.0.0.1:8080",
    "127.0.0.1:4000",
    "169.254.169.254:80",
    "[::1]:8080",
    "localhost:9000",
    "localhost:4000",
    "10.0.0.7:80",
    "xn--exmple-cua.example:443",
    "api.example:443",
  ]),
  taken: TAKEN,
};
const NONE: WebRules = { grant: webGrant([]), taken: [] };

/** `leads` are the addresses of the host, where it is a name. */
type Row = readonly [url: string, ...leads: readonly string[]];

function outcome([url, ...leads]: Row, rules: WebRules): string {
  const judged = judgeUrl(url, rules);
  if (judged.type === "refused") return judged.why;
  const addresses = judged.isLiteral ? [judged.name] : leads;
  const refusal = addresses.map((address) => judgeAddress(address, judged, rules)).find(Boolean);
  return refusal?.why ?? `fetched from ${judged.host}`;
}

const FETCHED: readonly (readonly [WebRules, Row, host: string])[] = [
  [PUBLIC, ["https://a.example/", "93.184.216.34"], "a.example:443"],
  [PUBLIC, ["http://a.example", "93.184.216.34", "2606:2800::1"], "a.example:80"],
  [PUBLIC, ["https://a.example:443/x?y=http://127.0.0.1#@z", "1.1.1.1"], "a.example:443"],
  [PUBLIC, ["http://a.example:443/", "1.1.1.1"], "a.example:443"],
  [PUBLIC, ["HTTPS://A.Example/", "1.1.1.1"], "a.example:443"],
  [PUBLIC, ["https://xn--bcher-kva.example/", "1.1.1.1"], "xn--bcher-kva.example:443"],
  [PUBLIC, ["https://a_b.example/a b", "1.1.1.1"], "a_b.example:443"],
  [PUBLIC, ["https://93.184.216.34/"], "93.184.216.34:443"],
  [PUBLIC, ["https://[2606:2800::1]/"], "[2606:2800::1]:443"],
  [NAMED, ["https://good.example/", "93.184.216.34"], "good.example:443"],
  [NAMED, ["https://good.example/", "10.1.2.3", "fd12::1"], "good.example:443"],
  [NAMED, ["http://good.example:8080/", "93.184.216.34"], "good.example:8080"],
  [NAMED, ["http://upper.example/", "93.184.216.34"], "upper.example:80"],
  [NAMED, ["http://127.0.0.1:8080/"], "127.0.0.1:8080"],
  [NAMED, ["http://169.254.169.254/latest"], "169.254.169.254:80"],
  [NAMED, ["http://[::1]:8080/"], "[::1]:8080"],
  [NAMED, ["http://10.0.0.7/"], "10.0.0.7:80"],
  [NAMED, ["http://localhost:9000/", "::1", "127.0.0.1"], "localhost:9000"],
];

for (const [rules, row, host] of FETCHED) {
  Deno.test(`a page is fetched: ${rules.grant.type}, ${row.join(" → ")}`, () => {
    assert.equal(outcome(row, rules), `fetched from ${host}`);
  });
}

const spelled = /host is spelled in another way/;
const kind = (word: string) => new RegExp(`a ${word} address, which "public" does not cover$`);
const byName = (word: string) =>
  new RegExp(`a ${word} address, which a grant by name does not cover$`);
const ungranted = /the host is not granted; grant it with capabilities\.sandbox\.hosts \["/;
const taken = /the place of a route that carries a key$/;
const control = /it holds a control character$/;
const none = /it is none, expected https:/;

const REFUSED: readonly (readonly [WebRules, Row, why: RegExp])[] = [
  // Literal addresses, in every spelling, under "public".
  [PUBLIC, ["http://127.0.0.1/"], kind("loopback")],
  [PUBLIC, ["http://127.1.2.3/"], kind("loopback")],
  [PUBLIC, ["http://[::1]/"], kind("loopback")],
  [PUBLIC, ["http://0.0.0.0/"], kind("special")],
  [PUBLIC, ["http://10.0.0.1/"], kind("private")],
  [PUBLIC, ["http://172.16.9.9/"], kind("private")],
  [PUBLIC, ["http://192.168.1.1/"], kind("private")],
  [PUBLIC, ["http://100.64.0.1/"], kind("private")],
  [PUBLIC, ["http://[fd00::1]/"], kind("private")],
  [PUBLIC, ["http://169.254.169.254/latest/meta-data/"], kind("metadata")],
  [PUBLIC, ["http://[fd00:ec2::254]/"], kind("metadata")],
  [PUBLIC, ["http://168.63.129.16/"], kind("metadata")],
  [PUBLIC, ["http://169.254.1.1/"], kind("special")],
  [PUBLIC, ["http://[fe80::1]/"], kind("special")],
  [PUBLIC, ["http://224.0.0.1/"], kind("special")],
  [PUBLIC, ["http://255.255.255.255/"], kind("special")],
  [PUBLIC, ["http://198.51.100.7/"], kind("special")],
  [PUBLIC, ["http://[::ffff:7f00:1]/"], kind("special")],
  [PUBLIC, ["http://[::7f00:1]/"], kind("special")],
  [PUBLIC, ["http://[64:ff9b::7f00:1]/"], kind("special")],
  [PUBLIC, ["http://[2002:7f00:1::]/"], kind("special")],
  [PUBLIC, ["http://[2001:0:7f00:1::]/"], kind("special")],
  [PUBLIC, ["http://[2001:db8::1]/"], kind("special")],
  [PUBLIC, ["http://2130706433/"], spelled],
  [PUBLIC, ["http://0x7f000001/"], spelled],
  [PUBLIC, ["http://0x7f.0.0.1/"], spelled],
  [PUBLIC, ["http://0177.0.0.1/"], spelled],
  [PUBLIC, ["http://017700000001/"], spelled],
  [PUBLIC, ["http://127.1/"], spelled],
  [PUBLIC, ["http://127.0.1/"], spelled],
  [PUBLIC, ["http://0/"], spelled],
  [PUBLIC, ["http://127.0.0.1./"], spelled],
  [PUBLIC, ["http://１２７.0.0.1/"], spelled],
  [PUBLIC, ["http://①②⑦.0.0.1/"], spelled],
  [PUBLIC, ["http://127。0。0。1/"], spelled],
  [PUBLIC, ["http://%31%32%37.0.0.1/"], spelled],
  [PUBLIC, ["http://[::ffff:127.0.0.1]/"], spelled],
  [PUBLIC, ["http://[0:0:0:0:0:0:0:1]/"], spelled],
  [PUBLIC, ["http://[::1%25eth0]/"], none],
  [PUBLIC, ["http://127.0.0.256/"], none],
  // Where a name leads: each of its addresses counts.
  [PUBLIC, ["https://a.example/", "127.0.0.1"], kind("loopback")],
  [PUBLIC, ["https://a.example/", "93.184.216.34", "10.0.0.1"], kind("private")],
  [PUBLIC, ["https://a.example/", "93.184.216.34", "::1"], kind("loopback")],
  [PUBLIC, ["https://a.example/", "fe80::1%eth0"], kind("special")],
  [PUBLIC, ["https://a.example/", "::ffff:10.0.0.1"], kind("special")],
  [PUBLIC, ["http://metadata.google.internal/", "169.254.169.254"], kind("metadata")],
  [PUBLIC, ["http://localhost/", "127.0.0.1"], kind("loopback")],
  [PUBLIC, ["https://a.example/", "not an address"], /leads to not an address, no address/],
  [NAMED, ["https://good.example/", "127.0.0.1"], byName("loopback")],
  [NAMED, ["https://good.example/", "10.0.0.1", "127.0.0.1"], byName("loopback")],
  [NAMED, ["https://good.example/", "169.254.169.254"], byName("metadata")],
  [NAMED, ["https://good.example/", "fe80::1"], byName("special")],
  [NAMED, ["https://good.example/", "0.0.0.0"], byName("special")],
  [NAMED, ["https://good.example/", "::ffff:127.0.0.1"], byName("special")],
  [NAMED, ["http://localhost:9000/", "169.254.169.254"], byName("metadata")],
  // Ports and schemes.
  [PUBLIC, ["https://a.example:8443/"], /"public" covers the ports 80 and 443 only$/],
  [PUBLIC, ["http://a.example:22/"], /"public" covers the ports 80 and 443 only$/],
  [PUBLIC, ["https://a.example:0443/", "1.1.1.1"], /its port is spelled in another way$/],
  [PUBLIC, ["https://a.example:/", "1.1.1.1"], /its port is spelled in another way$/],
  [PUBLIC, ["https://a.example:65536/"], none],
  [PUBLIC, ["ftp://a.example/"], /expected http or https$/],
  [PUBLIC, ["file:///etc/passwd"], /expected http or https$/],
  [PUBLIC, ["data:text/html,x"], /expected http or https$/],
  [PUBLIC, ["blob:https://a.example/1"], /expected http or https$/],
  [PUBLIC, ["ws://a.example/"], /expected http or https$/],
  [PUBLIC, ["javascript:1"], /expected http or https$/],
  // Hosts that look like granted ones.
  [NAMED, ["https://evil.example/"], ungranted],
  [NAMED, ["http://good.example/"], ungranted],
  [NAMED, ["https://good.example:444/"], ungranted],
  [NAMED, ["https://sub.good.example/"], ungranted],
  [NAMED, ["https://good.example.evil.example/"], ungranted],
  [NAMED, ["https://good.example./"], /its host ends in a dot$/],
  [NAMED, ["https://good.example@evil.example/"], /it holds a user or password$/],
  [NAMED, ["https://evil.example@good.example/"], /it holds a user or password$/],
  [NAMED, ["https://u:p@good.example/"], /it holds a user or password$/],
  [NAMED, ["https://@good.example/"], spelled],
  [NAMED, ["https://good.example\0.evil.example/"], control],
  [NAMED, ["https://good.example\r\nHost: evil.example/"], control],
  [NAMED, ["https://good.example/\r\nX: y"], control],
  [NAMED, ["https://good\t.example/"], control],
  [NAMED, ["\nhttps://good.example/"], control],
  [NAMED, [" https://good.example/"], spelled],
  [NAMED, ["https:good.example/"], spelled],
  [NAMED, ["https:/good.example/"], spelled],
  [NAMED, ["https:///good.example/"], spelled],
  [NAMED, ["https:\\\\good.example\\"], spelled],
  [NAMED, ["https://good.example\\@evil.example/"], spelled],
  [NAMED, ["https://ｇood.example/"], spelled],
  [NAMED, ["https://good。example/"], spelled],
  [NAMED, ["https://goo%64.example/"], spelled],
  [NAMED, ["https://good\u00ad.example/"], spelled],
  [NAMED, ["https://exämple.example/"], spelled],
  [NAMED, ["https://gооd.example/"], spelled],
  [NAMED, ["https://*.example/"], /its host is no plain name$|not granted/],
  [PUBLIC, ["https://*.example/"], /its host is no plain name$/],
  [PUBLIC, ["https://a.example,b.example/"], /its host is no plain name$/],
  [PUBLIC, ["https://a.example./"], /its host ends in a dot$/],
  [PUBLIC, ["https:///"], none],
  [PUBLIC, ["a.example"], none],
  [PUBLIC, [""], none],
  [PUBLIC, [`https://a.example/${"x".repeat(4096)}`], /4114 characters, expected at most 4096$/],
  // The places of other routes.
  [PUBLIC, ["https://api.example/"], taken],
  [PUBLIC, ["http://api.example:443/"], taken],
  [PUBLIC, ["https://[2606::9]/"], taken],
  [PUBLIC, ["https://a.example/", "2606::9"], taken],
  [NAMED, ["https://api.example/"], taken],
  [NAMED, ["http://127.0.0.1:4000/"], taken],
  [NAMED, ["http://localhost:4000/", "127.0.0.1"], taken],
  [NAMED, ["http://localhost:4000/", "::1"], taken],
  // Nothing is granted.
  [NONE, ["https://a.example/"], ungranted],
  [NONE, ["http://127.0.0.1:80/"], ungranted],
];

for (const [rules, row, why] of REFUSED) {
  Deno.test(`a page is refused: ${rules.grant.type}, ${JSON.stringify(row).slice(0, 100)}`, () => {
    const line = outcome(row, rules);
    assert.match(line, /^Cannot fetch/);
    assert.match(line, why);
    assert.match(line, /^[\x20-\x7e]+$/, "one line of plain characters");
  });
}

Deno.test("judgeUrl() names the grant that would allow a host", () => {
  assert.deepEqual(judgeUrl("https://Docs.Example/x?y", NONE), {
    type: "refused",
    why: 'Cannot fetch from "docs.example:443": the host is not granted; grant it with ' +
      'capabilities.sandbox.hosts ["docs.example:443"]',
  });
});

Deno.test("judgeAddress() holds a literal to itself", () => {
  const judged = judgeUrl("http://127.0.0.1:8080/", NAMED);
  assert.ok(judged.type === "granted");
  assert.notEqual(judgeAddress("127.0.0.2", judged, NAMED), undefined);
});
