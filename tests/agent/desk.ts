// The desk of an agent whose tools touch nothing but the run.
import { systemClock } from "../../src/base/clock.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { Desk } from "../../src/tools/desk.ts";
import type { Web } from "../../src/tools/web.ts";

export const NO_WEB: Web = {
  get: () => Promise.reject(new WorkerError("refused", "no host is granted")),
};

export function deskWith(changes: Partial<Desk> = {}): Desk {
  return {
    sessionId: "c-run-1",
    clock: systemClock,
    timestamp: () => "2026-06-18T09:30:00Z",
    tasks: undefined,
    setTasks: () => {},
    notesFolder: "/nowhere/notes",
    web: NO_WEB,
    isPlanning: false,
    counts: { rounds: 1, toolCalls: 1 },
    ...changes,
  };
}
