// The web as tools see it: one address at a time, judged and fetched by the gateway.

/** Fetches from the hosts that the spec grants, and from nowhere else. */
export interface Web {
  /**
   * One GET of an http or https address, without following a redirect.
   * @throws WorkerError `refused` for an address that is not granted, naming the grant; `provider`
   * when the place cannot be reached. Rejects with the abort reason.
   */
  get(url: string, options: WebOptions): Promise<WebAnswer>;
}

export type WebOptions = {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal;
};

export type WebAnswer = {
  readonly status: number;
  /** Names in lower case; `location` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ended by whoever reads it; undefined where there is none. */
  readonly body: ReadableStream<Uint8Array> | undefined;
};
