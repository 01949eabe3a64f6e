/**
 * The gateway's thread: the real agent with the real gateway, whose link goes over the simulated network. On the way to
 * the link every request is checked; here are also the moments of an order's life at which the process may die.
 */
import type { Agent } from "../../../actors/agent/agent.js";
import { GatewayAgent } from "../../../actors/gateway/gateway-agent.js";
import { LinkInbox } from "../../../actors/gateway/link-inbox.js";
import type { LinkRequest } from "../../../feeds/orders/link.js";
import type { Recovery } from "../../../feeds/orders/recovery.js";
import { OrderLink } from "../network/order-link.js";
import type { CrashMoment } from "../options.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import type { RingMemory } from "./ring-memory.js";
import { SimDoorbell, type SimThread } from "./sim-thread.js";
import type { World } from "./world.js";

export interface GatewayParts {
  readonly world: World;
  readonly memory: RingMemory;
  readonly threads: Readonly<Record<"engine" | "gateway", SimThread>>;
  readonly recovery: Recovery;
  readonly wallUs: () => number;
  /** Lets something in that comes over the network, when the process is there to take it. */
  readonly deliver: (run: () => void) => void;
  /** The process may die here; then this throws. */
  readonly passMoment: (moment: CrashMoment) => void;
}

/** Starts the thread; returns its link. */
export function startGateway({
  world,
  memory,
  threads,
  recovery,
  wallUs,
  deliver,
  passMoment,
}: GatewayParts): OrderLink {
  const { clock, options, random, tally, venue, api, sends } = world;
  const inbox = new LinkInbox(threads.gateway.wake);
  const link = new OrderLink({
    ...{ clock, venue, api, tally, wallUs },
    options: options.orders,
    random: random.split(`link/${recovery.epoch}`),
    onAnswer: (answer) =>
      deliver(() => {
        sends.heard(answer);
        inbox.onAnswer(answer);
        passMoment("answer-heard");
      }),
    onStream: (event) =>
      deliver(() => {
        inbox.onEvent(event);
        if (event.kind === "order") passMoment("event-heard");
      }),
  });
  if (!world.isFaulty) link.heal();
  const send = (request: LinkRequest): void => {
    if (request.kind === "submit") passMoment("before-submit");
    sends.check(request);
    link.send(request);
    if (request.kind === "submit") passMoment("after-submit");
  };
  const agent = new GatewayAgent({
    log: memory.logReader("gateway", ["journal"]),
    reports: memory.producer("report"),
    engineBell: new SimDoorbell(memory.views, threads.engine),
    instruments: INSTRUMENTS,
    ...{ send, inbox, recovery },
    stepLink: () => 0,
    nowUs: wallUs,
    counters: memory.counters,
  });
  link.open();
  agent.onStart();
  threads.gateway.start(dyingAfterWork(agent, passMoment));
  return link;
}

/** The process may also die when reports are on their way and the engine has not read them. */
function dyingAfterWork(agent: Agent, passMoment: GatewayParts["passMoment"]): Agent {
  const work = (): number => {
    const done = agent.work();
    if (done > 0) passMoment("reported");
    return done;
  };
  return { role: agent.role, work };
}
