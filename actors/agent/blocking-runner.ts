/**
 * Runs agents on a thread that belongs to them: until it is asked to stop, the thread never returns to its event loop.
 * Promises, timers, dynamic imports and the console never settle in there; all of it must be loaded before. For threads
 * that need sockets see event-loop-runner.ts.
 */
import type { Agent } from "./agent.js";
import { CompositeAgent } from "./composite.js";
import type { DutyCycle } from "./duty-cycle.js";
import { IdleCount, type IdleStrategy } from "./idle.js";
import type { ThreadControl } from "./thread-control.js";

/** Told of each error that ends a runner, with the role of the agent that threw it. */
export type AgentErrorHandler = (error: unknown, role: string) => void;

/**
 * Starts the agents, works until a stop is requested, and closes them in order. If one throws, `onError` is told, all
 * are closed, and the error is thrown again; errors while closing are told likewise, and the first of all is thrown.
 */
export function runBlocking(
  agents: readonly Agent[],
  control: ThreadControl,
  idle: IdleStrategy,
  onError: AgentErrorHandler,
): void {
  const duty = control.dutyCycle();
  const crew = new CompositeAgent(agents, duty);
  let failure: { error: unknown } | undefined;
  try {
    crew.onStart();
    workUntilStopped(crew, control, idle, duty);
  } catch (error) {
    failure = { error };
    onError(error, crew.currentRole);
  }
  try {
    crew.onClose();
  } catch (error) {
    failure ??= { error };
    onError(error, crew.currentRole);
  }
  if (failure !== undefined) throw failure.error;
}

function workUntilStopped(crew: CompositeAgent, control: ThreadControl, idle: IdleStrategy, duty: DutyCycle): void {
  const count = new IdleCount(idle);
  while (!control.stopRequested) {
    const done = crew.work();
    control.beat();
    duty.count(done);
    if (count.shouldPark(done)) park(crew, control, idle.parkMs, duty);
  }
  duty.show();
}

/** The duty cycle between arming and waiting is the look at every ring that the doorbell asks for. */
function park(crew: CompositeAgent, control: ThreadControl, parkMs: number, duty: DutyCycle): void {
  const { doorbell } = control;
  doorbell.arm();
  const done = control.stopRequested ? 0 : crew.work();
  duty.count(done);
  if (control.stopRequested || done > 0) {
    doorbell.disarm();
    return;
  }
  duty.park();
  duty.wake(doorbell.wait(parkMs));
}
