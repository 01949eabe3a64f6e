/** Reaches the threads of a running engine, to end them as a bug or the system would, and waits for what follows. */
import type { Worker } from "node:worker_threads";
import type { Session } from "../../actors/session.js";
import type { Supervisor } from "../../actors/supervisor.js";
import type { AgentName } from "../../actors/topology.js";

interface Insides {
  readonly threads: ReadonlyMap<string, { readonly agents: readonly AgentName[]; readonly worker: Worker | null }>;
}

/** The worker that an agent runs on; null while there is none. */
export function workerOf(supervisor: Supervisor, agent: AgentName): Worker | null {
  const { threads } = supervisor as unknown as Insides;
  return [...threads.values()].find(({ agents }) => agents.includes(agent))?.worker ?? null;
}

/** Does at once what the supervisor does twice a second. */
export const lookAtHearts = (supervisor: Supervisor): void =>
  (supervisor as unknown as { checkHeartbeats(): void }).checkHeartbeats();

export const supervisorOf = (session: Session): Supervisor =>
  (session as unknown as { readonly supervisor: Supervisor }).supervisor;

/** Waits until something is so; rejects with `what` when it never comes to that. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  for (const endMs = performance.now() + 30_000; !holds(); ) {
    if (performance.now() > endMs) throw new Error(`it never came to this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
