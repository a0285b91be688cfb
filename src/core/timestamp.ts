// Times as text: read in every form hosts write, kept and written in one. No clock here.
import * as z from "zod";
import { expectingWord, refuse } from "./schema.ts";

/** A time as text in UTC: `2026-06-18T09:30:00Z`, with 0, 3, 6 or 9 fraction digits. */
export type Timestamp = string;

/** Reads a time with any offset and keeps it in UTC to the nanosecond (wire: times). */
export const timestamp = z.transform((raw: unknown, context): Timestamp => {
  const read = typeof raw === "string" ? readTimestamp(raw) : undefined;
  if (read === undefined) refuse(context, expectingTime({ input: raw }));
  return read ?? "";
});

/** Milliseconds since 1970 as a Timestamp. */
export function formatTimestamp(ms: number): Timestamp {
  const date = new Date(ms);
  return write(date, { nanos: date.getUTCMilliseconds() * 1_000_000 });
}

/** Milliseconds since 1970, whole ones; undefined when `text` is no time. */
export function timestampMs(text: string): number | undefined {
  const read = parse(text);
  return read && read.date.getTime() + Math.floor(read.nanos / 1_000_000);
}

/** The same time in our one form; undefined when `text` is no time. */
export function readTimestamp(text: string): Timestamp | undefined {
  const read = parse(text);
  return read && write(read.date, read);
}

const expectingTime = expectingWord('a time like "2026-06-18T09:30:00Z"');

const DATE = String.raw`(\d{1,4}|[+-]\d{1,6})\s*-\s*(\d{1,2})\s*-\s*(\d{1,2})`;
const TIME = String.raw`(\d{1,2})\s*:\s*(\d{1,2})\s*:\s*(\d{1,2})(?:\.(\d+))?`;
const OFFSET = String.raw`(?:(?:z|utc)|([+-])(\d{2})[:\s]*(\d{2}))`;
const PATTERN = new RegExp(String.raw`^\s*${DATE}(?:t|\s)\s*${TIME}\s*${OFFSET}\s*$`, "i");

/** `date` is whole seconds; a leap second is the second before it plus the flag. */
type Parsed = { readonly date: Date; readonly nanos: number; readonly leap: boolean };

function parse(text: string): Parsed | undefined {
  // Longer ones can only come from an attack, and the pattern's blanks would be costly.
  if (text.length > 100) return undefined;
  const found = PATTERN.exec(text);
  if (!found) return undefined;
  const [year = 0, month = 0, day = 0, ...clock] = found.slice(1, 7).map(Number);
  const [hour = 0, minute = 0, second = 0] = clock;
  const [fraction = "", sign, offsetHours = "0", offsetMinutes = "0"] = found.slice(7);
  if (hour > 23 || minute > 59 || second > 60 || Number(offsetMinutes) > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const leap = second === 60;
  const offset = (sign === "-" ? -1 : 1) * (Number(offsetHours) * 60 + Number(offsetMinutes));
  date.setUTCHours(hour, minute - offset, leap ? 59 : second);
  if (Number.isNaN(date.getTime())) return undefined;
  return { date, leap, nanos: Number(fraction.slice(0, 9).padEnd(9, "0")) };
}

function write(date: Date, { nanos, leap = false }: { nanos: number; leap?: boolean }): Timestamp {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${yearText(date.getUTCFullYear())}-${two(date.getUTCMonth() + 1)}-${
    two(date.getUTCDate())
  }`;
  const seconds = leap ? 60 : date.getUTCSeconds();
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(seconds)}`;
  return `${day}T${time}${fractionText(nanos)}Z`;
}

function yearText(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, "0");
  if (year < 0) return `-${digits}`;
  return year > 9999 ? `+${digits}` : digits;
}

function fractionText(nanos: number): string {
  const digits = String(nanos).padStart(9, "0");
  if (nanos === 0) return "";
  if (nanos % 1_000_000 === 0) return `.${digits.slice(0, 3)}`;
  return nanos % 1000 === 0 ? `.${digits.slice(0, 6)}` : `.${digits}`;
}
