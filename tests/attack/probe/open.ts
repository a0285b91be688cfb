// The positive control: the same probe in a thread that may do everything the runtime can.
new Worker(new URL("./open_thread.ts", import.meta.url), {
  type: "module",
  deno: { permissions: "inherit" },
});
