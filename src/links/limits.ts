// How much a link takes and how long it waits.

/** From here on a sender waits for its reader. */
export const HIGH_WATER_BYTES = 1024 * 1024;
/** A reader that has taken nothing for so long, while someone waits for it, is given up. */
export const STALL_MS = 30_000;
/** How long closing waits for what is queued to leave. */
export const FLUSH_MS = 5_000;
/** How long closing then waits for the peer to hang up, lest unread input reset what it has yet to read. */
export const LINGER_MS = 1_000;
/** How long a peer may take from connecting to a finished handshake. */
export const HANDSHAKE_MS = 10_000;
