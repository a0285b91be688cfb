// How large and how deep what a peer sends may be.

/** Bytes of a spec on stdin (wire: ProvisionSpec). */
export const MAX_SPEC_BYTES = 8 * 1024 * 1024;

/** Bytes of one frame of ours, which a WebSocket may carry in pieces (wire: Frames). */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** Bytes of one such piece. */
export const MAX_PIECE_BYTES = 16 * 1024 * 1024;

/** Arrays and objects inside each other, the outermost included. */
export const MAX_JSON_DEPTH = 127;
