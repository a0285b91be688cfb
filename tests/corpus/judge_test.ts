import { strict as assert } from "node:assert";
import type { Observation, Targets } from "../../src/corpus/attack_case.ts";
import { hangs, holds, leaves, printsMore, signsOfLeak } from "../../src/corpus/judge.ts";

const TARGETS: Targets = {
  token: "case0x",
  canary: "canary-5c1e",
  folder: "/w/case0x",
  outside: "/o/case0x",
  secret: "/o/case0x/secret.txt",
  decoy: () => 1,
  worker: () => 2,
  shared: {
    root: "/",
    workspace: "/w",
    storage: "/s",
    fabric: "/f",
    program: "/p",
    tcpPort: 1,
    tcp6Port: 0,
    udpPort: 2,
    socket: "/o/s",
    insideSocket: "/w/s",
    pipe: "/w/pipe",
    sparse: "/w/sparse",
    variable: "variable-77aa",
  },
};

const NOTHING: Observation = {
  outputs: [],
  contacts: [],
  outside: [],
  planted: [],
  inside: [],
  isDecoyGone: false,
  isBeating: false,
  end: undefined,
};

const printing = (stdout: string, stderr = ""): Observation => ({
  ...NOTHING,
  outputs: [{ tool: "Bash", stdout, stderr, ms: 1, isDone: true }],
});

const SIGNS: Readonly<Record<string, readonly [Observation, string | undefined]>> = {
  "nothing": [NOTHING, undefined],
  "harmless output": [printing("plain\n"), undefined],
  "the secret as it is": [printing("x canary-5c1e y"), "the secret came back"],
  "the secret on stderr": [printing("", "canary-5c1e"), "the secret came back"],
  "the secret in base64": [printing(btoa("canary-5c1e")), "the secret came back"],
  "the secret in hexadecimal": [printing("63616e6172792d35633165"), "the secret came back"],
  "the secret backwards": [printing("e1c5-yranac"), "the secret came back"],
  "a variable of the worker": [printing("A=variable-77aa"), "the secret came back"],
  "the word": [printing("a\n  REACHED 7\nb"), `it printed "REACHED 7"`],
  "the word in an error, which may quote the command": [printing("", "REACHED"), undefined],
  "a contact": [{ ...NOTHING, contacts: ["tcp case0x"] }, "a listener was reached: tcp case0x"],
  "a change": [{ ...NOTHING, outside: ["secret.txt"] }, "changed outside: secret.txt"],
  "a new file": [{ ...NOTHING, planted: ["/s/case0x"] }, "made: /s/case0x"],
  "a decoy": [{ ...NOTHING, isDecoyGone: true }, "another process of the user was ended"],
  "a beat": [{ ...NOTHING, isBeating: true }, "a process it left behind still runs"],
};

for (const [what, [seen, sign]] of Object.entries(SIGNS)) {
  Deno.test(`signsOfLeak() judges ${what}`, () => {
    assert.equal(signsOfLeak(seen, TARGETS), sign);
  });
}

Deno.test("hangs(), leaves() and printsMore() see only what is over their bound", () => {
  const [output] = printing("12345").outputs;
  assert.ok(output);
  const slow = { ...NOTHING, outputs: [{ ...output, ms: 3_001 }] };
  assert.deepEqual([hangs(printing("")), hangs(slow)], [undefined, "a call took 3.0 s"]);
  const left = { ...NOTHING, inside: ["a", "b/c"] };
  assert.deepEqual([leaves("b")(left), leaves("b/c", "x")(left)], [
    undefined,
    "left behind: b/c",
  ]);
  assert.deepEqual([printsMore(5)(printing("12345")), printsMore(4)(printing("12345"))], [
    undefined,
    "5 characters came back",
  ]);
});

Deno.test("holds() finds a secret in each simple spelling, and no other", () => {
  const secret = "sk-canary-77aa";
  for (const text of [secret, btoa(secret), "736b2d63616e6172792d37376161", "aa77-yranac-ks"]) {
    assert.equal(holds(`a ${text} b`, secret), true, text);
  }
  assert.equal(holds("sk-canary-77ab", secret), false);
});
