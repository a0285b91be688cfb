import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AuditLog } from "../../src/audit/audit_file.ts";
import { sha256 } from "../../src/audit/entry.ts";
import { verifyLines } from "../../src/audit/verify.ts";
import { AuditedExecutor } from "../../src/compartments/audited.ts";
import { messageOf } from "../../src/core/errors.ts";
import type { AgentEventOf } from "../../src/core/event.ts";
import { isObject } from "../../src/core/schema.ts";
import type { Executor } from "../../src/executors/executor.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempDir } from "../support/temp_dir.ts";

type Asked = Pick<AgentEventOf<"need_clarification">, "tool_name" | "question" | "options">;
type Entry = Readonly<Record<string, unknown>>;

/** What the log tells of questions, once one was asked and each text was sent as an answer. */
async function entriesOf(asked: Asked, answers: readonly string[]): Promise<readonly Entry[]> {
  await using folder = tempDir();
  const clock = new FakeClock();
  const log = AuditLog.open({ folder: folder.path, id: "c-1", clock });
  const executor: Executor = {
    async run({ isAnswer = false }, io) {
      const event = { type: "need_clarification", allow_custom: false } as const;
      if (!isAnswer) await io.emit({ ...event, ...asked });
      return { status: "suspended", result: "?" };
    },
  };
  const audited = new AuditedExecutor(executor, {
    log,
    clock,
    fail: (thrown) => assert.fail(messageOf(thrown)),
  });
  const io = {
    emit: () => Promise.resolve(),
    approve: () => Promise.resolve("denied" as const),
    steering: { onText: () => {} },
  };
  const { signal } = new AbortController();
  await audited.run({ assignment: "go", messages: [] }, io, signal);
  for (const assignment of answers) {
    await audited.run({ assignment, messages: [], isAnswer: true }, io, signal);
  }
  log.close();
  const text = readFileSync(join(folder.path, "c-1.jsonl"), "utf8");
  assert.equal(verifyLines(text).type, "intact");
  return text.trimEnd().split("\n").map(questionFacts).filter((facts) => facts !== undefined);
}

function questionFacts(line: string): Entry | undefined {
  const entry: unknown = JSON.parse(line);
  assert.ok(isObject(entry));
  const { seq: _seq, at: _at, mono_ms: _ms, epoch: _epoch, prev: _prev, ...facts } = entry;
  return String(facts.kind).startsWith("question_") ? facts : undefined;
}

Deno.test("AuditedExecutor logs who asked, and the option that grants", async () => {
  const tool_name = "request_permissions";
  const options = ["Approve", "Deny"];
  const log = await entriesOf({ tool_name, question: "May I?", options }, ["1", " approve"]);
  assert.deepEqual(log, [
    {
      kind: "question_asked",
      run: "r-1",
      tool_name,
      question_sha256: sha256("May I?"),
      options,
    },
    { kind: "question_answered", run: "r-2", tool_name, answer_sha256: sha256("1") },
    { kind: "question_answered", run: "r-3", tool_name, answer: "Approve" },
  ]);
});

Deno.test("AuditedExecutor logs no word that is not ours", async () => {
  const tool_name = "conclusion_with_options";
  const asked = { tool_name, question: "the code is 1234", options: ["it is 1234", "Deny"] };
  const log = await entriesOf(asked, ["it is 1234", "keep 1234"]);
  assert.doesNotMatch(JSON.stringify(log).replaceAll(/[0-9a-f]{64}/g, ""), /1234/);
  assert.deepEqual(log.map(({ options, answer_sha256 }) => options ?? answer_sha256), [
    ["Deny"],
    sha256("it is 1234"),
    sha256("keep 1234"),
  ]);
});
