// What the kernel tells of another process under /proc (Linux).

/** The text of /proc/PID/NAME. Throws when the process is gone or may not be looked at. */
export async function procText(pid: number, name: string): Promise<string> {
  // By a child: the runtime refuses to open files of other processes there.
  const { success, stdout, stderr } = await new Deno.Command("cat", {
    args: [`/proc/${pid}/${name}`],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr).trim());
  return new TextDecoder().decode(stdout);
}
