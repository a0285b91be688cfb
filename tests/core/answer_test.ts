import { strict as assert } from "node:assert";
import {
  acceptedAnswer,
  changeOf,
  isOwnOption,
  PERMISSION_OPTIONS,
} from "../../src/core/answer.ts";
import { planOptions } from "../../src/core/plan_approval.ts";
import type { ExitMode, Question } from "../../src/core/question.ts";

const ANYTHING = { type: "anything" } as const;

function ask(options: readonly string[], allowCustom = false): Question {
  return { question: "?", options, allowCustom, subject: ANYTHING };
}

const closed = ask(["OK", "Need changes"]);
const open = ask(["OK", "Need changes"], true);
const numbers = ask(["3", "5"], true);
const twins = ask(["go", "GO", " Go "]);

const ACCEPTED: readonly (readonly [question: Question, text: string, answer?: string])[] = [
  [closed, "OK", "OK"],
  [closed, " ok\n", "OK"],
  [closed, "NEED CHANGES", "Need changes"],
  [closed, "1", "OK"],
  [closed, " 2 ", "Need changes"],
  [closed, "0"],
  [closed, "3"],
  [closed, "01"],
  [closed, "1.0"],
  [closed, "-1"],
  [closed, "need"],
  [closed, "OK, fine"],
  [closed, ""],
  [open, "1", "OK"],
  [open, "3", "3"],
  [open, "  another way ", "another way"],
  [open, " \n "],
  [numbers, "5", "5"],
  [numbers, "1", "1"],
  [ask(["3", "5"]), "1"],
  [twins, "GO", "GO"],
  [twins, "gO", "go"],
  [ask([]), "1"],
  [ask([], true), "toString", "toString"],
];

Deno.test("acceptedAnswer() finds the option that is meant, or says that it is none", () => {
  for (const [question, text, answer] of ACCEPTED) {
    const accepted = acceptedAnswer(question, text);
    const wanted = answer === undefined ? { type: "not_an_option" } : { type: "accepted", answer };
    assert.deepEqual(accepted, wanted, `${question.options}: ${JSON.stringify(text)}`);
  }
});

const NOTHING = { type: "nothing" };

const PLANS: readonly (readonly [exitMode: ExitMode | undefined, answer: string, mode?: string])[] =
  [
    [undefined, "Approve (Default mode)", "default"],
    [undefined, "Approve (Accept edits mode)", "acceptEdits"],
    [undefined, "approve (accept edits mode)", "acceptEdits"],
    [undefined, "I approve", "default"],
    [undefined, "Stay in plan mode"],
    [undefined, "approve, but stay in plan mode"],
    [undefined, "Edit plan first"],
    [undefined, "yes"],
    [undefined, ""],
    [undefined, "Approve (Bypass permissions mode)", "default"],
    [undefined, "approve bypass_permissions", "default"],
    ["default", "Approve (Default mode)", "default"],
    ["default", "Approve (Accept edits mode)", "default"],
    ["accept_edits", "Approve (Accept edits mode)", "acceptEdits"],
    ["dont_ask", "Approve (Don't ask mode)", "dontAsk"],
    ["dont_ask", "Approve (Accept edits mode)", "default"],
    ["bypass_permissions", "Approve (Bypass permissions mode)", "bypassPermissions"],
    ["bypass_permissions", "Approve (Default mode)", "default"],
    ["bypass_permissions", "approve", "default"],
    ["bypass_permissions", "Stay in plan mode"],
  ];

Deno.test("changeOf() ends plan mode only by a yes, in the mode that the yes names", () => {
  for (const [exitMode, answer, mode] of PLANS) {
    const question: Question = {
      question: "?",
      options: planOptions(exitMode),
      allowCustom: false,
      subject: { type: "plan", exitMode },
    };
    const wanted = mode === undefined ? NOTHING : { type: "plan_approved", mode };
    assert.deepEqual(changeOf(question, answer), wanted, `${exitMode}: ${answer}`);
  }
});

Deno.test("changeOf() grants permissions by the whole word alone, and else nothing", () => {
  const wanted = [{ permission: "write_file", resource: "/a" }] as const;
  const question: Question = {
    question: "?",
    options: PERMISSION_OPTIONS,
    allowCustom: false,
    subject: { type: "permissions", wanted },
  };
  const granted = { type: "permissions_granted", wanted };
  assert.deepEqual(changeOf(question, "Approve"), granted);
  assert.deepEqual(changeOf(question, " approve "), granted);
  for (const answer of ["Deny", "", "yes", "disapprove", "Approve all", "do not approve"]) {
    assert.deepEqual(changeOf(question, answer), NOTHING, answer);
  }
  assert.deepEqual(changeOf(ask(["Approve"]), "Approve"), NOTHING);
});

Deno.test("acceptedAnswer() takes no number for a yes that gives something away", () => {
  const plan: Question = {
    question: "?",
    options: planOptions("bypass_permissions"),
    allowCustom: false,
    subject: { type: "plan", exitMode: "bypass_permissions" },
  };
  const permissions: Question = {
    question: "?",
    options: PERMISSION_OPTIONS,
    allowCustom: false,
    subject: { type: "permissions", wanted: [] },
  };
  for (const question of [plan, permissions]) {
    for (const text of ["1", "2", " 1\n"]) {
      assert.deepEqual(acceptedAnswer(question, text), { type: "not_an_option" }, text);
    }
    const [answer = ""] = question.options;
    for (const text of [answer, ` ${answer.toUpperCase()}\n`]) {
      assert.deepEqual(acceptedAnswer(question, text), { type: "accepted", answer });
    }
  }
});

Deno.test("isOwnOption() knows every option that a permission or a plan has, and no other", () => {
  const modes = ["default", "accept_edits", "dont_ask", "bypass_permissions"] as const;
  const ours = [...PERMISSION_OPTIONS, ...modes.flatMap((mode) => planOptions(mode))];
  const others = ["approve", "OK", "Approve (all)", "toString", ""];
  assert.deepEqual([...ours, ...others].filter(isOwnOption), ours);
});
