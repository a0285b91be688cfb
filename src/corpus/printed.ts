// What a program printed, out of a tool's result: that holds the command's own text as well.
import * as z from "zod";

const resultSchema = z.object({ stdout: z.string(), stderr: z.string() });

/** Of a tool that runs no program it is the whole text. */
export function printedBy(text: string): { readonly stdout: string; readonly stderr: string } {
  try {
    const { success, data } = resultSchema.safeParse(JSON.parse(text));
    if (success) return { stdout: data.stdout, stderr: data.stderr };
  } catch {
    // Not a program's result.
  }
  return { stdout: text, stderr: "" };
}
