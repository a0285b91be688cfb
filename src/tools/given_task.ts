// A task as the model writes it in a call of Task.
import * as z from "zod";
import { someText, textList } from "./input.ts";

const MAX_LINKS = 50;
const MAX_CRITERIA = 20;

export const givenTaskSchema = z.object({
  id: z.optional(someText("The task's id, such as task_1, when it is on the list already.")),
  taskId: z.optional(someText("Another name of id.")),
  content: z.string().check(
    z.minLength(1, { error: "expected some text, got an empty one" }),
    z.describe("What is to be done, as an order: Fix the parser."),
  ),
  status: z.enum(["pending", "in_progress", "completed", "blocked"]).check(
    z.describe("Where it stands. Have one in progress at a time, and complete it when it is done."),
  ),
  activeForm: z.optional(
    z.string().check(z.describe("The same while it goes on: Fixing the parser.")),
  ),
  dependsOn: z.optional(
    textList("Ids of tasks on the list that come first; [] for none.", { most: MAX_LINKS }),
  ),
  parentId: z.optional(
    z.string().check(z.describe("Id of the task that this one is a part of; empty for none.")),
  ),
  phase: z.optional(
    z.enum(["planning", "execution", "verification", "handoff"]).check(
      z.describe("Which part of the work it belongs to; execution unless given."),
    ),
  ),
  priority: z.optional(
    z.enum(["low", "medium", "high", "critical"]).check(
      z.describe("How much it matters; medium unless given."),
    ),
  ),
  completionCriteria: z.optional(
    textList("What must be true when it is completed; [] for nothing.", { most: MAX_CRITERIA }),
  ),
  criteriaMet: z.optional(
    textList("Those of its completionCriteria, word for word, that you saw to be true.", {
      most: MAX_CRITERIA,
    }),
  ),
});

export type GivenTask = z.output<typeof givenTaskSchema>;

/** The name the model gave it; undefined when it gave none. */
export function idOf({ id, taskId }: GivenTask): string | undefined {
  return id ?? taskId;
}
