// What the figures were taken on, in one line.
import { cpus, release, totalmem } from "node:os";

/** Such as `AMD EPYC, 2 cores, 25 GB, linux 6.18.44 x86_64`. */
export function machineLine(): string {
  const cores = cpus();
  const model = cores[0]?.model.trim() ?? "unknown processor";
  const memory = Math.round(totalmem() / 1e9);
  const { os, arch } = Deno.build;
  return `${model}, ${cores.length} cores, ${memory} GB, ${os} ${release()} ${arch}`;
}
