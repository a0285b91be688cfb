// Sends the gateway requests of its own before each that the agent sends, over the same port, as an
// agent would that was taken over.

export type Smuggling = {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
};

export function smuggle({ requests }: Smuggling, name: string): void {
  if (name !== "agent") return;
  const { postMessage } = MessagePort.prototype;
  MessagePort.prototype.postMessage = function (message: Message, ...rest: unknown[]) {
    const send = (one: unknown) => Reflect.apply(postMessage, this, [one, ...rest]);
    if (message.type === "call" && message.name === "fetch") {
      for (const [at, request] of requests.entries()) {
        send({ ...message, id: -1 - at, params: { ...message.params, ...request } });
      }
    }
    return send(message);
  };
}

/** A frame of src/compartments/port.ts. */
type Message = {
  readonly type: string;
  readonly name?: string;
  readonly params?: Readonly<Record<string, unknown>>;
};
