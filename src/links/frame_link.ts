// The contract of a connection that carries frames. Members: memory, unix, web socket. Suite: tests/links/contract.ts.

/**
 * One peer, both ways, one frame a message. Knows nothing of what the frames mean. Whoever holds a
 * link closes it, also after its peer has gone; disposing it does that.
 */
export interface FrameLink extends AsyncDisposable {
  /** Frames as they come, for one reader; ends when the peer has closed, is gone or broke the rules. */
  readonly frames: AsyncIterable<string>;
  /**
   * Takes the frame at once. Undefined if there is room for more; else resolves when there is.
   * Rejects with a WorkerError: `connection_lost` once the link has ended, or its peer has read
   * nothing for 30 s while there was no room (that ends the link), `limit` for a frame that no
   * peer would take (the link goes on).
   */
  send(text: string): Promise<void> | undefined;
  /** Sends what is queued, for at most 5 s, then closes. Harmless when closed already. Never rejects. */
  close(): Promise<void>;
  /** Settles when the peer has closed or is gone, or the link was closed here. Never rejects. */
  readonly closed: Promise<void>;
}
