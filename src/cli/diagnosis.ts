// What a machine can enforce, layer by layer, with what to do where it cannot. Pure.
import type { Level } from "../grants/level.ts";
import type { Bubblewrap } from "../sandbox/bubblewrap.ts";
import { LEAST_ABI, SCOPES_ABI } from "../sandbox/landlock.ts";
import { judgeMachine, type KernelFacts } from "../sandbox/probe.ts";
import { VERSION } from "./version.ts";

export type Diagnosis = {
  readonly version: string;
  readonly os: string;
  readonly architecture: string;
  /** What a worker gets here without asking. */
  readonly level: Level;
  /** The strongest that a spec may ask for. */
  readonly reachable: Level;
  /** Why commands cannot be boxed; undefined where they can. */
  readonly commandsRefused: string | undefined;
  readonly layers: readonly LayerState[];
};

export type LayerState = {
  readonly name: string;
  readonly isThere: boolean;
  readonly what: string;
  /** What to do, where there is something to be done. */
  readonly fix?: string;
};

/** `namespaces` is undefined where there can be none. */
export function diagnose(facts: KernelFacts, namespaces: Bubblewrap | undefined): Diagnosis {
  const { os, architecture } = facts;
  const plain = judgeMachine(facts, []);
  const strongest = judgeMachine(facts, [], namespaces);
  return {
    version: VERSION,
    os,
    architecture,
    level: plain.level,
    reachable: strongest.level,
    commandsRefused: plain.unboxed,
    layers: os === "linux" ? linuxLayers(facts, namespaces) : elsewhere(os),
  };
}

function linuxLayers(facts: KernelFacts, namespaces: Bubblewrap | undefined): LayerState[] {
  const { landlockAbi: abi, hasSeccomp, isStandalone, isLeftOut } = facts;
  const builtWith = isStandalone && !isLeftOut;
  const why = isLeftOut ? "left out of this build" : "needs the compiled program";
  const kernelLayer = (
    name: string,
    isThere: boolean,
    texts: { readonly there: string; readonly missing: string; readonly fix: string },
  ): LayerState => {
    if (!builtWith) return { name, isThere: false, what: why, fix: "install a release of sheath" };
    return isThere
      ? { name, isThere, what: texts.there }
      : { name, isThere, what: texts.missing, fix: texts.fix };
  };
  const abiText = abi === 0 ? "Landlock is absent or switched off" : `Landlock ABI ${abi}`;
  const switchedOn = `add landlock to the kernel's lsm= list`;
  return [
    { name: "hygiene", isThere: true, what: "no core files, no peers in memory, no environment" },
    { name: "deno", isThere: true, what: "permissions of the runtime, for each thread its own" },
    kernelLayer("landlock", abi >= LEAST_ABI, {
      there: `files and ports, ${abiText}`,
      missing: `${abiText}, expected at least ABI ${LEAST_ABI}`,
      fix: abi === 0 ? `Linux 6.7 or newer; ${switchedOn}` : "Linux 6.7 or newer",
    }),
    kernelLayer("signal scope", abi >= SCOPES_ABI, {
      there: "commands cannot signal what is not theirs",
      missing: `${abiText}, expected at least ABI ${SCOPES_ABI}`,
      fix: abi === 0 ? `Linux 6.12 or newer; ${switchedOn}` : "Linux 6.12 or newer",
    }),
    kernelLayer("seccomp", hasSeccomp, {
      there: "no sockets, no other way to other processes",
      missing: "the kernel takes no filters",
      fix: "a kernel with CONFIG_SECCOMP_FILTER; in a container, one whose own filter lets it",
    }),
    namespaces?.type === "works"
      ? {
        name: "namespaces",
        isThere: true,
        what: `by ${namespaces.program}, where a spec requires level namespace`,
      }
      : {
        name: "namespaces",
        isThere: false,
        what: namespaces?.why ?? "not looked for",
        fix:
          "install bubblewrap; let users make namespaces (kernel.unprivileged_userns_clone, AppArmor)",
      },
  ];
}

function elsewhere(os: string): LayerState[] {
  const missing = ["landlock", "signal scope", "seccomp", "namespaces"];
  return [
    { name: "hygiene", isThere: false, what: `made for Linux, nothing of it was tried on ${os}` },
    { name: "deno", isThere: true, what: "permissions of the runtime, for each thread its own" },
    ...missing.map((name) => ({
      name,
      isThere: false,
      what: `exists for Linux only, nothing of it was tried on ${os}`,
      fix: "run sheath in a Linux virtual machine or container",
    })),
  ];
}

/** For people. */
export function diagnosisText(diagnosis: Diagnosis): string {
  const { version, os, architecture, level, reachable, commandsRefused, layers } = diagnosis;
  const width = Math.max(...layers.map(({ name }) => name.length));
  const stronger = reachable === level ? "" : ` (${reachable} where a spec requires it)`;
  return [
    `sheath ${version} on ${os} ${architecture}: level ${level}${stronger}`,
    commandsRefused === undefined ? "commands run in a box" : `no commands: ${commandsRefused}`,
    "",
    ...layers.flatMap(({ name, isThere, what, fix }) => [
      `${name.padEnd(width)}  ${isThere ? "yes" : "no "}  ${what}`,
      ...(fix === undefined ? [] : [`${" ".repeat(width)}       fix: ${fix}`]),
    ]),
    "",
  ].join("\n");
}
