// The seccomp program as data: which calls a thread and all it starts may make. Installing it is
// seccomp.ts's, so that every verdict can be tested without a kernel.
import {
  type Architecture,
  type ArgumentRule,
  type CallNumbers,
  CLONE,
  CLONE3,
  IOCTL,
  REACHING_CALLS,
  REFUSED_CALLS,
  REFUSED_REQUESTS,
  SELF_ONLY_CALLS,
  SIGNAL_CALLS,
} from "./syscalls.ts";

/** One instruction of classic BPF (struct sock_filter). */
export type Instruction = {
  readonly code: number;
  readonly ifTrue: number;
  readonly ifFalse: number;
  readonly operand: number;
};

const LOAD_WORD = 0x20;
const IF_EQUAL = 0x15;
const IF_GREATER_OR_EQUAL = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;

// Offsets in struct seccomp_data.
const NUMBER = 0;
const ARCHITECTURE = 4;
/** Of the first two arguments. The low half: the machines are little-endian. */
const ARGUMENTS = [16, 24] as const;

export const ALLOW = 0x7fff0000;
export const KILL_PROCESS = 0x80000000;
/** EPERM. */
export const REFUSE = 0x00050001;
/** ENOSYS: the C library then uses the older call, whose flags can be seen. */
export const ABSENT = 0x00050026;

const AUDIT_ARCHITECTURE = { x86_64: 0xc000003e, aarch64: 0xc00000b7 } as const;
/** x32 calls carry this bit and would pass for other numbers. */
const X32_BIT = 0x40000000;
/** CLONE_NEWTIME is clone3's alone. NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NAMESPACE_FLAGS = 0x7e020000;

export type FilterOptions = {
  readonly architecture: Architecture;
  /** Whether what reaches other processes without a file is refused too: every socket first. */
  readonly isSealed: boolean;
};

export function seccompFilter({ architecture, isSealed }: FilterOptions): readonly Instruction[] {
  const refused = [
    ...Object.values(REFUSED_CALLS),
    ...(isSealed ? Object.values(REACHING_CALLS) : []),
  ].flatMap((numbers) => numbers[architecture] ?? []);
  return [
    load(ARCHITECTURE),
    when(IF_EQUAL, AUDIT_ARCHITECTURE[architecture], { skipTrue: 1 }),
    end(KILL_PROCESS), // a program for another architecture, with other numbers
    load(NUMBER),
    ...(architecture === "x86_64"
      ? [when(IF_GREATER_OR_EQUAL, X32_BIT, { skipFalse: 1 }), end(REFUSE)]
      : []),
    ...refused.flatMap((number) => verdict(number, REFUSE)),
    ...verdict(numberOf(CLONE3, architecture), ABSENT),
    // clone(2) makes every thread and process; only new namespaces are refused.
    ...onArgument(
      { numbers: CLONE, argument: 0 },
      [when(IF_ANY_BIT, NAMESPACE_FLAGS, { skipFalse: 1 }), end(REFUSE)],
      architecture,
    ),
    ...Object.values(SELF_ONLY_CALLS).flatMap((rule) =>
      onArgument(rule, [when(IF_EQUAL, 0, { skipTrue: 1 }), end(REFUSE)], architecture)
    ),
    ...(isSealed
      ? onArgument(
        { numbers: IOCTL, argument: 1 },
        Object.values(REFUSED_REQUESTS).flatMap((request) => verdict(request, REFUSE)),
        architecture,
      )
      : []),
    end(ALLOW),
  ];
}

/**
 * For programs that share a kernel domain with a thread that must not be signalled. It stands beside
 * the filter above, which sees to other architectures.
 */
export function shieldFilter(
  { architecture, thread }: { readonly architecture: Architecture; readonly thread: number },
): readonly Instruction[] {
  return [
    load(NUMBER),
    ...Object.values(SIGNAL_CALLS).flatMap((rule) =>
      onArgument(rule, verdict(thread, REFUSE), architecture)
    ),
    end(ALLOW),
  ];
}

/** Judges one argument of one call. The number of the call stays loaded. */
function onArgument(
  { numbers, argument }: ArgumentRule,
  judge: readonly Instruction[],
  architecture: Architecture,
): readonly Instruction[] {
  const body = [load(ARGUMENTS[argument]), ...judge, load(NUMBER)];
  return [when(IF_EQUAL, numberOf(numbers, architecture), { skipFalse: body.length }), ...body];
}

function verdict(number: number, answer: number): readonly Instruction[] {
  return [when(IF_EQUAL, number, { skipFalse: 1 }), end(answer)];
}

function numberOf(numbers: CallNumbers, architecture: Architecture): number {
  const number = numbers[architecture];
  if (number === null) throw new RangeError(`No such call on ${architecture}`);
  return number;
}

function load(offset: number): Instruction {
  return { code: LOAD_WORD, ifTrue: 0, ifFalse: 0, operand: offset };
}

function end(answer: number): Instruction {
  return { code: RETURN, ifTrue: 0, ifFalse: 0, operand: answer };
}

function when(
  code: number,
  operand: number,
  { skipTrue = 0, skipFalse = 0 }: { readonly skipTrue?: number; readonly skipFalse?: number },
): Instruction {
  return { code, ifTrue: skipTrue, ifFalse: skipFalse, operand };
}

/** The program as the kernel reads it: u16 code, u8 jump if true, u8 if false, u32 operand. */
export function encodeFilter(program: readonly Instruction[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(({ code, ifTrue, ifFalse, operand }, index) => {
    view.setUint16(index * 8, code, true);
    view.setUint8(index * 8 + 2, ifTrue);
    view.setUint8(index * 8 + 3, ifFalse);
    view.setUint32(index * 8 + 4, operand, true);
  });
  return new Uint8Array(view.buffer);
}
