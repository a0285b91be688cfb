// YAML as plain data: no tag of ours, no alias, so that nothing grows when it is read. Pure.
// Whoever needs it imports it when it is needed: the library takes a while to load.
import { type Document, type LineCounter, parseDocument, visit, type YAMLError } from "yaml";
import { TOO_DEEP } from "./schema.ts";

export type PlainYaml =
  | { readonly type: "yaml"; readonly document: Document.Parsed; readonly value: unknown }
  /** `at` is an offset in the text; `why` one line. */
  | { readonly type: "bad"; readonly at: number; readonly why: string };

/** YAML 1.2 in one document; every warning of the library is an error here. */
export function readPlainYaml(
  text: string,
  options: { readonly lineCounter?: LineCounter } = {},
): PlainYaml {
  try {
    const document = parseDocument(text, {
      ...options,
      logLevel: "error",
      prettyErrors: false,
      schema: "core",
      merge: false,
      resolveKnownTags: false,
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) return { type: "bad", at: problem.pos[0], why: flawOf(problem) };
    const alias = aliasIn(document);
    if (alias !== undefined) return { type: "bad", at: alias, why: "aliases are not read here" };
    return { type: "yaml", document, value: document.toJS({ maxAliasCount: 0 }) };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { type: "bad", at: 0, why: TOO_DEEP };
  }
}

function flawOf({ code, message }: YAMLError): string {
  return code === "RESOURCE_EXHAUSTION" ? TOO_DEEP : `not YAML: ${message}`;
}

function aliasIn(document: Document.Parsed): number | undefined {
  let at: number | undefined;
  visit(document, {
    Alias(_, node) {
      at = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return at;
}
