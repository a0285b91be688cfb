// Schemas of fields as model servers write them.
import * as z from "zod";

/** A whole number from 0 on: tokens, or a place. */
export const count = z.int().check(z.nonnegative());

/** Servers write null, or nothing, for what there is none of. */
export const maybeText = z.nullish(z.string());

/** Extras that a server may write in its own way: what does not fit counts as absent. */
export const extraText = z.catch(maybeText, undefined);
export const extraCount = z.catch(z.nullish(count), undefined);
