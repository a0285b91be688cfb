// What left for the network and came back, in figures: where to, and how much. No address, no text.

/** Of one request, as the audit log tells it. */
export type Egress = {
  /** The name of the route whose key it carried. */
  readonly route?: string | undefined;
  /** `host:port`. */
  readonly host: string;
  readonly method: string;
  /** Undefined when no answer came. */
  readonly status?: number | undefined;
  /** Of a route's request: its body. Of a page's: all of it. */
  readonly bytes_sent: number;
  readonly bytes_received: number;
};
