// What a JSON text says beyond the value it parses to, kept on the parsed containers for schemas.

/** A number that is whole but was not written as a whole number of 64 bits: `1.0`, `1e3`, 2^64. */
export class FloatLiteral {
  constructor(readonly value: number) {}
}

/** Notes the reader leaves on a container. Invisible to everything that lists or copies keys. */
export class JsonMarks {
  /** Keys that came more than once; the value is the last one's. */
  readonly repeated = new Set<string>();
  /** Keys or indexes whose number is a FloatLiteral. */
  readonly floats = new Set<string>();
  /** Something inside was nested too deep and was left out. */
  tooDeep = false;
}

/** The marks of a container, made when it has none. */
export function markJson(container: object): JsonMarks {
  const found = marksOf(container);
  if (found) return found;
  const marks = new JsonMarks();
  Object.defineProperty(container, MARKS, { value: marks });
  return marks;
}

/** The marks of a container; most have none. */
export function marksOf(container: object): JsonMarks | undefined {
  const found: unknown = Reflect.get(container, MARKS);
  return found instanceof JsonMarks ? found : undefined;
}

const MARKS = Symbol("json marks");
