// All attacks of the corpus.
import type { AttackCase } from "./attack_case.ts";
import { ENVIRONMENT_CASES } from "./environment_cases.ts";
import { FILE_CASES } from "./file_cases.ts";
import { HIDING_CASES } from "./hiding_cases.ts";
import { KERNEL_CALL_CASES } from "./kernel_call_cases.ts";
import { LIMIT_CASES } from "./limit_cases.ts";
import { LINK_CASES } from "./link_cases.ts";
import { METADATA_CASES } from "./metadata_cases.ts";
import { NETWORK_CASES } from "./network_cases.ts";
import { PRELOAD_CASES } from "./preload_cases.ts";
import { PROCESS_CASES } from "./process_cases.ts";
import { PROJECT_CASES } from "./project_cases.ts";
import { PROTECTED_CASES } from "./protected_cases.ts";
import { REPL_CASES } from "./repl_cases.ts";
import { SIGNAL_CASES } from "./signal_cases.ts";
import { SPECIAL_FILE_CASES } from "./special_file_cases.ts";

export const CASES: readonly AttackCase[] = [
  ...ENVIRONMENT_CASES,
  ...PRELOAD_CASES,
  ...PROJECT_CASES,
  ...PROCESS_CASES,
  ...LINK_CASES,
  ...FILE_CASES,
  ...METADATA_CASES,
  ...SPECIAL_FILE_CASES,
  ...PROTECTED_CASES,
  ...NETWORK_CASES,
  ...HIDING_CASES,
  ...REPL_CASES,
  ...SIGNAL_CASES,
  ...KERNEL_CALL_CASES,
  ...LIMIT_CASES,
];
