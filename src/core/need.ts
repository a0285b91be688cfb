// What a tool call is about to do to the world, as data: tools say it, permissions decide on it.

/** `path` is the file as the model named it. */
export type Need = { readonly type: "write_file"; readonly path: string };
