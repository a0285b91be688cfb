// All attacks that are no calls of tools.
import { APPROVAL_CASES } from "./approval_cases.ts";
import { CHILD_CASES } from "./child_cases.ts";
import type { DirectCase } from "./direct_case.ts";
import { PROVIDER_CASES } from "./provider_cases.ts";
import { SOCKET_CASES } from "./socket_cases.ts";

/** In this order on one worker: what may bring it down stands last. */
export const DIRECT_CASES: readonly DirectCase[] = [
  ...PROVIDER_CASES,
  ...APPROVAL_CASES,
  ...CHILD_CASES,
  ...SOCKET_CASES,
];
