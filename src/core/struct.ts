// Schemas of objects with known fields: what is left out, what is doubled, what has an old name.
import * as z from "zod";
import { FloatLiteral, marksOf } from "./json_marks.ts";
import { expecting, expectingWord, isObject, listed, refuse, TOO_DEEP } from "./schema.ts";

export type StructOptions<Shape> = {
  /** Optional fields that refuse `null` and count as left out when they equal this value. */
  readonly empty?: { readonly [Key in keyof Shape]?: false | 0 | "" | readonly [] | EmptyRecord };
  /** Other names of fields, from older writers: `{ activeForm: "active_form" }`. */
  readonly aliases?: { readonly [name: string]: keyof Shape & string };
};
type EmptyRecord = { readonly [key: string]: never };

export type Struct<Shape extends z.core.$ZodLooseShape> = z.ZodMiniPipe<
  z.ZodMiniTransform<unknown, unknown>,
  z.ZodMiniObject<z.core.util.Writeable<Shape>, z.core.$strip>
>;

/** An object with known fields, others ignored; also readable from an array in field order. */
export function struct<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  options: StructOptions<Shape> = {},
): Struct<Shape> {
  const fields = fieldsOf(shape, options);
  const read = (raw: unknown, context: z.core.ParsePayload): unknown => {
    if (Array.isArray(raw)) return readInOrder(raw, fields, context);
    if (isObject(raw)) return readFields(raw, fields, context);
    return refuse(context, expecting("an object")({ input: raw }));
  };
  return z.pipe(z.transform(read), z.object(shape));
}

export type Variants = readonly [z.ZodMiniObject, ...z.ZodMiniObject[]];
export type Tagged<Options extends Variants, Tag extends string> = z.ZodMiniPipe<
  z.ZodMiniTransform<unknown, unknown>,
  z.ZodMiniDiscriminatedUnion<Options, Tag>
>;

/** One of several objects, told apart by the text in field `tag`; also from an array, tag first. */
export function tagged<const Options extends Variants, Tag extends string>(
  tag: Tag,
  variants: Options,
  options: { readonly empty?: { readonly [field: string]: readonly [] } } = {},
): Tagged<Options, Tag> {
  const table = new Map(variants.flatMap((variant) => {
    const fields = fieldsOf(variant.shape, options);
    return tagsOf(variant, tag).map((name) => [name, fields] as const);
  }));
  const wanted = listed([...table.keys()]);
  const read = (raw: unknown, context: z.core.ParsePayload): unknown => {
    if (!Array.isArray(raw) && !isObject(raw)) {
      return refuse(context, expecting("an object")({ input: raw }));
    }
    // Such a value is taken apart only after its tag was found, so what is unknown in it counts.
    if (marksOf(raw)?.tooDeep) return refuse(context, TOO_DEEP);
    const name: unknown = Array.isArray(raw) ? raw[0] : own(raw, tag);
    const fields = typeof name === "string" ? table.get(name) : undefined;
    if (!fields) return refuse(context, expectingWord(wanted)({ input: name }), { path: [tag] });
    return Array.isArray(raw)
      ? readInOrder(raw, fields, context)
      : readFields(raw, fields, context);
  };
  return z.pipe(z.transform(read), z.discriminatedUnion(tag, variants));
}

type Field = {
  readonly name: string;
  readonly nullMeansNone: boolean;
  readonly empty: unknown;
  readonly others: readonly string[];
};

function fieldsOf(
  shape: z.core.$ZodLooseShape,
  options: { readonly empty?: object; readonly aliases?: { readonly [name: string]: string } },
): readonly Field[] {
  const aliases = Object.entries(options.aliases ?? {});
  return Object.keys(shape).map((name) => {
    const empty: unknown = own(options.empty ?? {}, name);
    const nullMeansNone = empty === undefined && shape[name] instanceof z.ZodMiniOptional;
    const others = aliases.filter(([, field]) => field === name).map(([alias]) => alias);
    return { name, nullMeansNone, empty, others };
  });
}

function readFields(
  raw: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  context: z.core.ParsePayload,
): unknown {
  const kept: Record<string, unknown> = {};
  const marks = marksOf(raw);
  for (const field of fields) {
    for (const name of [field.name, ...field.others]) {
      if (!Object.hasOwn(raw, name)) continue;
      if (Object.hasOwn(kept, field.name) || marks?.repeated.has(name)) {
        return refuse(context, "given twice", { path: [name] });
      }
      keep(kept, field, marks?.floats.has(name) ? new FloatLiteral(Number(raw[name])) : raw[name]);
    }
  }
  return kept;
}

function readInOrder(
  raw: readonly unknown[],
  fields: readonly Field[],
  context: z.core.ParsePayload,
): unknown {
  if (raw.length > fields.length) {
    return refuse(context, `expected an array of at most ${fields.length}, got ${raw.length}`);
  }
  const kept: Record<string, unknown> = {};
  const marks = marksOf(raw);
  for (const [index, field] of fields.entries()) {
    if (index >= raw.length) break;
    const value = raw[index];
    keep(kept, field, marks?.floats.has(`${index}`) ? new FloatLiteral(Number(value)) : value);
  }
  return kept;
}

function keep(kept: Record<string, unknown>, field: Field, value: unknown): void {
  if (value === null && field.nullMeansNone) return;
  if (value === undefined || isEmptyAs(value, field.empty)) return;
  kept[field.name] = value;
}

function isEmptyAs(value: unknown, empty: unknown): boolean {
  if (empty === undefined) return false;
  if (Array.isArray(empty)) return Array.isArray(value) && value.length === 0;
  if (isObject(empty)) return isObject(value) && Object.keys(value).length === 0;
  return value === empty;
}

function own(container: object, key: string): unknown {
  return Object.hasOwn(container, key) ? Reflect.get(container, key) : undefined;
}

function tagsOf(variant: z.ZodMiniObject, tag: string): string[] {
  return [...variant._zod.propValues?.[tag] ?? []].map(String);
}
