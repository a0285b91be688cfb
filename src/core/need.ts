// What a tool call is about to do to the world, as data: tools say it, permissions decide on it.

export type Need =
  /** `path` is the file as the model named it. */
  | { readonly type: "write_file"; readonly path: string }
  /** A text for the shell, whole. */
  | { readonly type: "execute_command"; readonly command: string }
  /** A JavaScript text, whole. */
  | { readonly type: "execute_code"; readonly code: string }
  /** `host` as in a URL, with the port where it is not the scheme's own. */
  | { readonly type: "http_request"; readonly host: string }
  /** A command in the background, read or ended. */
  | { readonly type: "terminal_session"; readonly id: string };
