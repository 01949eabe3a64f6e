/**
 * Every worker's life. It is told which agents it will have, is given each as soon as what that one needs is known,
 * and begins to work when its crew is complete; until then it can be asked to stop as well. An agent's entry,
 * `<agent>.ts` beside this file, makes the agent and knows nothing of those it shares the thread with.
 */
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { pinThisThread } from "../affinity.js";
import type { Agent } from "../agent/agent.js";
import { runBlocking } from "../agent/blocking-runner.js";
import { EventLoopRunner } from "../agent/event-loop-runner.js";
import { runnerOf } from "../placement.js";
import type { AgentName } from "../topology.js";
import { CrewMember, Departures } from "./crew.js";
import type { Hosted, Surroundings } from "./hosted.js";
import { ThreadContext, type ThreadData } from "./thread-data.js";

/** An agent that a thread is given, with what it needs. */
export interface AgentOrder {
  readonly agent: AgentName;
  readonly data: ThreadData;
  /** Without one the agent speaks through the worker's own port. */
  readonly port?: MessagePort;
}

/** What a worker is started with: the first agent's data, and who else will come. */
export interface WorkerStart extends ThreadData {
  readonly agent: AgentName;
  readonly crew: readonly AgentName[];
  readonly port?: MessagePort;
}

/** What a worker says to its supervisor; between the two, an agent's own messages may come. */
export type ThreadMessage =
  /** The agent has joined its rings. */
  | { readonly type: "ready"; readonly agent: AgentName }
  /** The agent was asked to leave, and has ended; the thread goes on. */
  | { readonly type: "left"; readonly agent: AgentName };

export type ThreadOrder = { readonly type: "join"; readonly order: AgentOrder };

/** Each entry makes its agent from the data that its own type of thread data describes. */
type Entry = (context: ThreadContext, data: never, surroundings: Surroundings) => Hosted | Promise<Hosted>;

const ENTRIES: Readonly<Record<AgentName, () => Promise<{ readonly start: Entry }>>> = {
  feeds: () => import("./feeds.js"),
  engine: () => import("./engine.js"),
  venue: () => import("./venue.js"),
  gateway: () => import("./gateway.js"),
  journal: () => import("./journal.js"),
  preparer: () => import("./preparer.js"),
  shadow: () => import("./shadow.js"),
  store: () => import("./store.js"),
};

/** How often a thread that waits for the rest of its crew looks whether it is to end. */
const STOP_LOOK_MS = 20;

const supervisor = parentPort!;

class Thread {
  private readonly context: ThreadContext;
  private readonly crew: readonly AgentName[];
  private readonly hosted = new Map<AgentName, Hosted>();
  private readonly ports = new Set<MessagePort>([supervisor]);
  private readonly waiting: NodeJS.Timeout;
  private runner: EventLoopRunner | null = null;

  constructor({ agent, crew, ...data }: WorkerStart) {
    this.context = new ThreadContext(agent, data);
    this.crew = crew;
    const { name, cores } = this.context.thread;
    if (cores.length > 0 && !pinThisThread(cores)) {
      this.context.recordError(new Error(`the ${name} thread could not be pinned to ${cores.join(", ")}`), "placement");
    }
    this.waiting = setInterval(() => {
      if (this.context.control.stopRequested) this.end();
    }, STOP_LOOK_MS);
    supervisor.on("message", ({ type, order }: ThreadOrder) => {
      if (type === "join") void this.join(order);
    });
  }

  async join({ agent, data, port = supervisor }: AgentOrder): Promise<void> {
    const context = new ThreadContext(agent, data);
    this.ports.add(port);
    const { start } = await ENTRIES[agent]();
    const wake = (): void => this.runner?.wake();
    const wakeWithin = (ms: number): void => this.runner?.wakeWithin(ms);
    const hosted = await start(context, data as never, { port, wake, wakeWithin });
    this.hosted.set(agent, hosted);
    this.say({ type: "ready", agent });
    // Also when it is to stop already: agents that are all there have an end to come to.
    if (this.hosted.size === this.crew.length) await this.run();
  }

  private async run(): Promise<void> {
    clearInterval(this.waiting);
    const { control, idle, recordError } = this.context;
    const agents = this.members();
    try {
      if (runnerOf(this.crew) === "blocking") {
        runBlocking(agents, control, idle, recordError);
      } else {
        this.runner = new EventLoopRunner(agents, control, idle, recordError).start();
        await this.runner.done;
      }
    } finally {
      for (const { finish } of this.hosted.values()) await finish?.();
      this.end();
    }
  }

  /** In the order of the crew; one alone has nobody to leave, and is not asked at every turn. */
  private members(): Agent[] {
    const { views, map } = this.context;
    const departures = new Departures(views, map.departures);
    return this.crew.map((name) => {
      const { agent } = this.hosted.get(name)!;
      if (this.crew.length === 1) return agent;
      return new CrewMember(
        agent,
        () => departures.isAsked(name),
        () => this.leave(name),
      );
    });
  }

  /** On a thread that blocks no promise settles: what need not wait is said at once. */
  private leave(agent: AgentName): void {
    const { finish } = this.hosted.get(agent)!;
    this.hosted.delete(agent);
    if (finish === undefined) this.say({ type: "left", agent });
    else void finish().then(() => this.say({ type: "left", agent }));
  }

  private say(message: ThreadMessage): void {
    supervisor.postMessage(message);
  }

  /** A port that is listened to keeps the thread alive. */
  private end(): void {
    clearInterval(this.waiting);
    for (const port of this.ports) port.close();
  }
}

const { port, ...data } = workerData as WorkerStart;
void new Thread(data).join({ agent: data.agent, data, port });
