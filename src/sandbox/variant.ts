// Which layers this build is made of. Only builds for tests, which show that each layer holds when
// the others are broken, are made with another value in the place of this file.

/** `kernel-only`: threads have every Deno permission. `deno-only`: no kernel layers. */
export type Variant = "shipped" | "kernel-only" | "deno-only";

export const VARIANT: Variant = "shipped";
