import { strict as assert } from "node:assert";
import {
  ABSENT,
  ALLOW,
  encodeFilter,
  type Instruction,
  KILL_PROCESS,
  REFUSE,
  seccompFilter,
  shieldFilter,
} from "../../src/sandbox/seccomp_filter.ts";
import {
  type Architecture,
  type ArgumentRule,
  CLONE,
  CLONE3,
  IOCTL,
  REACHING_CALLS,
  REFUSED_CALLS,
  REFUSED_REQUESTS,
  SELF_ONLY_CALLS,
  SIGNAL_CALLS,
} from "../../src/sandbox/syscalls.ts";

const ARCHITECTURES: readonly Architecture[] = ["x86_64", "aarch64"];
const AUDIT = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;
/** Calls that every program makes; numbers of the C library's table. */
const HARMLESS = {
  x86_64: { read: 0, openat: 257, getpid: 39, socketpair: 53, execve: 59, kill: 62, futex: 202 },
  aarch64: {
    read: 63,
    openat: 56,
    getpid: 172,
    socketpair: 199,
    execve: 221,
    kill: 129,
    futex: 98,
  },
} as const;

type Call = {
  readonly architecture: number;
  readonly number: number;
  /** The first two arguments. */
  readonly first?: number;
  readonly second?: number;
};

/** What the kernel would answer: an interpreter of the instructions that the filter uses. */
function answer(
  program: readonly Instruction[],
  { architecture, number, first = 0, second = 0 }: Call,
): number {
  const data = new Map([[0, number], [4, architecture], [16, first], [24, second]]);
  let loaded = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, ifTrue, ifFalse, operand } = program[at]!;
    const jump = (isTrue: boolean) => at += isTrue ? ifTrue : ifFalse;
    switch (code) {
      case 0x20:
        assert.ok(data.has(operand), `reads offset ${operand}`);
        loaded = data.get(operand)!;
        break;
      case 0x15:
        jump(loaded === operand);
        break;
      case 0x35:
        jump(loaded >= operand);
        break;
      case 0x45:
        jump((loaded & operand) !== 0);
        break;
      case 0x06:
        return operand;
      default:
        assert.fail(`unknown instruction ${code}`);
    }
  }
  return assert.fail("ran over its end");
}

function withArgument(
  native: number,
  architecture: Architecture,
  { numbers, argument }: ArgumentRule,
  value: number,
): Call {
  const number = numbers[architecture];
  assert.ok(number !== null);
  return {
    architecture: native,
    number,
    ...(argument === 0 ? { first: value } : { second: value }),
  };
}

for (const architecture of ARCHITECTURES) {
  const native = AUDIT[architecture];
  const call = (number: number, first?: number): Call => ({
    architecture: native,
    number,
    ...(first !== undefined && { first }),
  });

  for (const isSealed of [false, true]) {
    const program = seccompFilter({ architecture, isSealed });
    const kind = `${architecture}, ${isSealed ? "sealed" : "open"}`;

    Deno.test(`seccompFilter() refuses every call of the table: ${kind}`, () => {
      for (const [name, numbers] of Object.entries(REFUSED_CALLS)) {
        const number = numbers[architecture];
        if (number !== null) assert.equal(answer(program, call(number)), REFUSE, name);
      }
    });

    Deno.test(`seccompFilter() refuses what reaches others only when sealed: ${kind}`, () => {
      for (const [name, numbers] of Object.entries(REACHING_CALLS)) {
        const number = numbers[architecture];
        assert.ok(number !== null, name);
        assert.equal(answer(program, call(number)), isSealed ? REFUSE : ALLOW, name);
      }
    });

    Deno.test(`seccompFilter() lets ordinary calls pass: ${kind}`, () => {
      for (const [name, number] of Object.entries(HARMLESS[architecture])) {
        assert.equal(answer(program, call(number)), ALLOW, name);
      }
    });

    Deno.test(`seccompFilter() lets threads and processes be made, no namespaces: ${kind}`, () => {
      const clone = CLONE[architecture]!;
      const thread = 0x3d0f00;
      assert.equal(answer(program, call(clone, thread)), ALLOW);
      assert.equal(answer(program, call(clone, 17)), ALLOW);
      for (const bit of [17, 25, 26, 27, 28, 29, 30]) {
        assert.equal(answer(program, call(clone, (1 << bit) | 17)), REFUSE, `bit ${bit}`);
      }
      assert.equal(answer(program, call(CLONE3[architecture]!)), ABSENT);
    });

    Deno.test(`seccompFilter() lets a process change itself alone: ${kind}`, () => {
      for (const [name, rule] of Object.entries(SELF_ONLY_CALLS)) {
        const on = (who: number) => answer(program, withArgument(native, architecture, rule, who));
        assert.deepEqual([on(0), on(1), on(4242)], [ALLOW, REFUSE, REFUSE], name);
      }
    });

    Deno.test(`seccompFilter() judges what is asked of a device or file: ${kind}`, () => {
      const rule = { numbers: IOCTL, argument: 1 } as const;
      const on = (what: number) => answer(program, withArgument(native, architecture, rule, what));
      for (const [name, request] of Object.entries(REFUSED_REQUESTS)) {
        assert.equal(on(request), isSealed ? REFUSE : ALLOW, name);
      }
      const [TCGETS, FIONREAD] = [0x5401, 0x541b];
      assert.deepEqual([on(TCGETS), on(FIONREAD)], [ALLOW, ALLOW]);
    });

    Deno.test(`seccompFilter() kills programs of another architecture: ${kind}`, () => {
      for (const other of [0x40000003, 0x40000028, 0xc00000b7, 0xc000003e]) {
        if (other === native) continue;
        assert.equal(answer(program, { architecture: other, number: 0 }), KILL_PROCESS);
      }
    });
  }
}

Deno.test("shieldFilter() takes one thread out of reach of every call that signals", () => {
  for (const architecture of ARCHITECTURES) {
    const program = shieldFilter({ architecture, thread: 77 });
    for (const [name, rule] of Object.entries(SIGNAL_CALLS)) {
      const on = (who: number) =>
        answer(program, withArgument(AUDIT[architecture], architecture, rule, who));
      assert.deepEqual([on(77), on(78), on(-77), on(0)], [REFUSE, ALLOW, ALLOW, ALLOW], name);
    }
    for (const number of Object.values(HARMLESS[architecture])) {
      assert.equal(answer(program, { architecture: AUDIT[architecture], number }), ALLOW);
    }
  }
});

Deno.test("seccompFilter() refuses every x32 call", () => {
  const program = seccompFilter({ architecture: "x86_64", isSealed: true });
  const number = 0x40000000 + HARMLESS.x86_64.read;
  assert.equal(answer(program, { architecture: AUDIT.x86_64, number }), REFUSE);
});

Deno.test("REFUSED_CALLS holds no number twice and none that programs need", () => {
  for (const architecture of ARCHITECTURES) {
    const numbers = [REFUSED_CALLS, REACHING_CALLS, { CLONE, CLONE3, IOCTL }]
      .flatMap((table) => Object.values(table))
      .concat(Object.values(SELF_ONLY_CALLS).map(({ numbers }) => numbers))
      .flatMap((row) => row[architecture] ?? []);
    assert.equal(new Set(numbers).size, numbers.length);
    for (const needed of Object.values(HARMLESS[architecture])) {
      assert.ok(!numbers.includes(needed));
    }
  }
});

Deno.test("encodeFilter() writes eight bytes for each instruction", () => {
  const bytes = encodeFilter([{ code: 0x15, ifTrue: 1, ifFalse: 2, operand: 0x80000001 }]);
  assert.deepEqual([...bytes], [0x15, 0, 1, 2, 1, 0, 0, 0x80]);
});
