// The few things links need of a stream connection, so that a Deno.Conn is one and a test's fake too.

export interface ByteConnection {
  /** Resolves with the number of bytes read, null at the end. Rejects when reset or closed here. */
  read(into: Uint8Array): Promise<number | null>;
  /** Resolves with the number of bytes taken. May stay pending after `close` until the peer moves. */
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  /** Throws when closed already, as Deno.Conn does. */
  close(): void;
}

/** Closes it; closed already is fine. */
export function hangUp(connection: ByteConnection): void {
  try {
    connection.close();
  } catch {
    // Deno throws BadResource at a second close.
  }
}

export async function writeAll(connection: ByteConnection, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += await connection.write(bytes.subarray(done));
}
