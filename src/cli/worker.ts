// `sheath worker`: the wire-compatible worker, driven by its parent and by nobody else.
import { runWorker } from "../compartments/warden.ts";
import { VERSION } from "./version.ts";

const USAGE = `Usage: sheath worker [--socket PATH] < SPEC

Starts one caged agent from the spec on stdin (one JSON document, then end of file), publishes its
record in the spec's fabric_dir and serves frames on a loopback WebSocket.
Also called subagent-worker. docs/protocol.md describes spec, record and frames.

Options:
  --socket PATH  serve frames, one JSON line each, on a unix socket at PATH instead
  -h, --help     show this

Example:
  echo '{"version":1,"identity":{"child_id":"c-1"},"executor":{"kind":"echo"},"fabric_dir":"/tmp/f"}' |
    sheath worker
`;

/** Parsed by hand: a library here would cost each start of a worker some milliseconds. */
export async function runWorkerCommand(args: readonly string[], entry: string): Promise<number> {
  const [flag, socket, ...rest] = args;
  if (flag === "--help" || flag === "-h") {
    write(Deno.stdout, USAGE);
    return 0;
  }
  const isUsable = flag === undefined || (flag === "--socket" && socket !== undefined);
  if (!isUsable || rest.length > 0) {
    log(`unexpected arguments, expected none or --socket PATH`);
    return 2;
  }
  return await runWorker({ entry, version: VERSION, socket, log });
}

function log(line: string): void {
  write(Deno.stderr, `sheath worker: ${line}\n`);
}

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
  } catch {
    // Nobody reads any more; what was to be said is lost, the exit code is not.
  }
}
