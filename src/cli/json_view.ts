// A run for programs: a line about the worker, then every frame as it came, one a line.
import type { ReceivedFrame } from "../host/client.ts";
import type { Output, RunAbout, View } from "./view.ts";

export class JsonView implements View {
  readonly activity = undefined;

  open({ version, level, agentId, workspace }: RunAbout): readonly Output[] {
    return [line(JSON.stringify({ kind: "sheath", version, level, agent_id: agentId, workspace }))];
  }

  take({ text }: ReceivedFrame): readonly Output[] {
    return [line(text)];
  }

  close(): readonly Output[] {
    return [];
  }
}

function line(text: string): Output {
  return { to: "stdout", text: `${text}\n` };
}
