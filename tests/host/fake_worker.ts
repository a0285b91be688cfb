// Stands in for a worker: reads the spec, opens its socket, echoes one frame back, leaves.
const [flag, path = ""] = Deno.args.slice(-2);
const spec = await new Response(Deno.stdin.readable).text();
await Deno.stderr.write(new TextEncoder().encode(`got ${flag} and ${spec}\n`));
const listener = Deno.listen({ transport: "unix", path });
const connection = await listener.accept();
const buffer = new Uint8Array(1024);
const count = await connection.read(buffer) ?? 0;
await connection.write(buffer.subarray(0, count));
await connection.read(buffer);
Deno.exit(7);
