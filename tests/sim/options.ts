/**
 * What one seed's run is made of: which faults there are and how strong, how the workload behaves. Every fault is off
 * in a part of the seeds, because a fault that is always there hides what happens without it (swarm testing).
 */
import type { Random } from "./random.js";

const MS = 1_000;
const SECOND = 1_000_000;

/** One way of a connection. Probabilities are for each message. */
export interface PathOptions {
  readonly lowestDelayUs: number;
  readonly meanDelayUs: number;
  readonly loss: number;
  readonly duplicate: number;
  /** Of a message that overtakes those before it. */
  readonly reorder: number;
  /** Of a clog, in which nothing moves; what was sent arrives after it. */
  readonly clog: number;
  readonly clogUs: number;
}

export interface FeedOptions {
  readonly frames: PathOptions;
  readonly requests: PathOptions;
  /** A frame that is not what the venue wrote. */
  readonly badFrame: number;
  /** Per second: the connection is closed, or goes on in silence. */
  readonly close: number;
  readonly halfOpen: number;
  readonly snapshotError: number;
  /** A dial that is refused. */
  readonly refusedDial: number;
}

export interface OrderLinkOptions {
  readonly requests: PathOptions;
  readonly answers: PathOptions;
  readonly stream: PathOptions;
  /** Of an answer that is an error: before the effect, after it, and of which kind. */
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly rateLimited: number;
  readonly clockSkew: number;
  /** The private stream: left-out events, its loss per second, events that are sent twice. */
  readonly missingEvent: number;
  readonly duplicateEvent: number;
  readonly streamDrop: number;
  /** A body that is no answer to what was asked. */
  readonly badBody: number;
  /** A venue whose queries lag behind its orders by up to this. */
  readonly queryLagUs: number;
  /** A fill of several parts. */
  readonly partialStorm: number;
  /** Of a fill that the venue shows only a while after it happened, and of one of which the stream tells much later. */
  readonly hiddenFill: number;
  readonly lateFill: number;
}

export interface DiskOptions {
  readonly syncUs: number;
  readonly slowSync: number;
  readonly writeError: number;
  readonly shortWrite: number;
  readonly syncError: number;
  readonly misdirectedWrite: number;
  /** Of a sync that says it is done and is not; excluded by the promises, so only in some seeds. */
  readonly lostSync: number;
  /** Of a bit that turns while a process is away. */
  readonly bitFlip: number;
  readonly fullFromUs: number;
  readonly fullUntilUs: number;
}

/** How a life ends: killed, with the power, or in order. */
export type CrashKind = "kill" | "power" | "stop";

export interface ProcessOptions {
  readonly durability: "durable" | "fast";
  /** Steps of the run at which the process dies; some of them in the middle of a disk operation. */
  readonly crashes: readonly PlannedCrash[];
  /** Per second: the whole process stands still, or one of its threads. */
  readonly pause: number;
  readonly stall: number;
  readonly marketRingBytes: number;
  readonly reportRingBytes: number;
  readonly segmentBytes: number;
  /** Whether segments are made ahead. */
  readonly spares: boolean;
  /** Inputs between two snapshots; 0 for a run without the shadow that writes them. */
  readonly snapshotEvery: number;
}

/** A moment of an order's life at which the process may die. */
export type CrashMoment = "before-submit" | "after-submit" | "answer-heard" | "event-heard" | "reported" | "mid-write";

export interface PlannedCrash {
  readonly kind: CrashKind;
  /** From this step on it is due. */
  readonly step: number;
  /** So many disk operations later, or at the next such moment of an order's life; at once for neither. */
  readonly operations: number;
  readonly moment: CrashMoment | null;
  /** Dies again while it recovers, after so many disk operations; 0 for not. */
  readonly againAfter: number;
  /** What is different when it comes back. */
  readonly change: "none" | "limits" | "build" | "strategies";
}

export interface MarketOptions {
  readonly pulseUs: number;
  readonly frameEveryUs: number;
  readonly movePerPulse: number;
  readonly levels: number;
  /** Of a snapshot that is older than the moment it is asked for. */
  readonly staleSnapshot: number;
}

export interface SwarmOptions {
  readonly steps: number;
  readonly feed: FeedOptions;
  readonly orders: OrderLinkOptions;
  readonly disk: DiskOptions;
  readonly process: ProcessOptions;
  /** Wall clock against the venue's: at the start of a life, drawn within. */
  readonly skewUs: number;
  readonly clockTickUs: number;
  readonly swizzleClog: boolean;
  readonly strategies: readonly string[];
  readonly operatorActions: number;
  readonly risk: { readonly maxPosition: string; readonly maxOrderValue: string; readonly maxDailyLoss: string };
  readonly market: MarketOptions;
}

const STRATEGIES = ["market-maker", "ema-cross", "order-storm", "cancel-storm", "self-cross", "zero-quantity"];
const RARE_STRATEGIES = ["thrower", "state-monster"];

/** Draws a run. `steps` is how many events its stormy part has. */
export function drawOptions(seed: Random, steps: number): SwarmOptions {
  const random = seed.split("options");
  const calm = random.chance(0.1);
  const some: Draw = (most) => (calm || random.chance(0.55) ? 0 : random.uniform() * most);
  return {
    steps,
    feed: drawFeed(random.split("feed"), some),
    orders: drawOrders(random.split("orders"), some),
    disk: drawDisk(random.split("disk"), some, steps),
    process: drawProcess(random.split("process"), some, calm, steps),
    skewUs: some(2 * SECOND),
    clockTickUs: random.pick([10, 20, 50, 100]) * MS,
    swizzleClog: random.chance(0.1),
    strategies: drawStrategies(random),
    operatorActions: calm ? 0 : random.integer(0, 3),
    risk: {
      maxPosition: String(random.pick([500, 2_000, 10_000, 100_000])),
      maxOrderValue: String(random.pick([400, 2_000, 20_000])),
      maxDailyLoss: String(random.pick([5, 100, 5_000, 50_000])),
    },
    market: {
      pulseUs: random.pick([20, 50, 100]) * MS,
      frameEveryUs: random.pick([100, 100, 20]) * MS,
      staleSnapshot: some(0.5),
      movePerPulse: random.pick([0.05, 0.2, 0.6]),
      levels: random.pick([5, 12, 25]),
    },
  };
}

/** Draws a probability up to a most: often none. */
type Draw = (most: number) => number;

function drawPath(random: Random, some: Draw, lossMost: number): PathOptions {
  return {
    lowestDelayUs: random.between(0.1, 30) * MS,
    meanDelayUs: random.pick([random.between(0.1, 3), random.between(3, 30), random.between(30, 100)]) * MS,
    loss: some(lossMost),
    duplicate: some(lossMost === 0 ? 0 : 0.5),
    reorder: some(lossMost === 0 ? 0 : 0.2),
    clog: some(0.01),
    clogUs: random.between(0.1, 5) * SECOND,
  };
}

function drawFeed(random: Random, some: Draw): FeedOptions {
  return {
    frames: drawPath(random, some, 0.3),
    requests: { ...drawPath(random, some, 0.2), duplicate: 0, reorder: 0 },
    badFrame: some(0.05),
    close: some(0.3),
    halfOpen: some(0.1),
    snapshotError: some(0.3),
    refusedDial: some(0.5),
  };
}

function drawOrders(random: Random, some: Draw): OrderLinkOptions {
  return {
    requests: { ...drawPath(random, some, 0.2), duplicate: 0 },
    answers: { ...drawPath(random, some, 0.2), duplicate: 0 },
    stream: drawPath(random, some, 0),
    errorBefore: some(0.2),
    errorAfter: some(0.2),
    rateLimited: some(0.05),
    clockSkew: some(0.05),
    missingEvent: some(0.2),
    duplicateEvent: some(0.2),
    streamDrop: some(0.2),
    badBody: some(0.05),
    queryLagUs: some(1 * SECOND),
    partialStorm: some(0.5),
    hiddenFill: some(0.3),
    lateFill: some(0.2),
  };
}

function drawDisk(random: Random, some: Draw, steps: number): DiskOptions {
  const isFull = some(1) > 0.2;
  const fullFromUs = random.between(0, steps * 2) * MS;
  // A disk that lies is a run of its own kind: what was safe may be gone, and the journal may be refused.
  const lies = random.chance(0.07);
  return {
    syncUs: random.pick([50, 200, 2_000]),
    slowSync: some(0.02),
    writeError: some(0.02),
    shortWrite: some(0.1),
    syncError: some(0.01),
    misdirectedWrite: lies ? some(0.02) : 0,
    lostSync: lies ? some(0.1) : 0,
    bitFlip: lies ? 0.5 : 0,
    fullFromUs: isFull ? fullFromUs : Number.POSITIVE_INFINITY,
    fullUntilUs: fullFromUs + random.between(0.01, 3) * SECOND,
  };
}

function drawProcess(random: Random, some: Draw, calm: boolean, steps: number): ProcessOptions {
  const crashes = calm || random.chance(0.3) ? 0 : random.integer(1, 3);
  return {
    durability: random.chance(0.6) ? "durable" : "fast",
    crashes: Array.from({ length: crashes }, () => drawCrash(random, steps)).sort((a, b) => a.step - b.step),
    pause: some(0.1),
    stall: some(0.5),
    marketRingBytes: random.pick([16, 64, 256]) * 1024,
    reportRingBytes: random.pick([4, 64]) * 1024,
    segmentBytes: random.pick([4, 32, 128, 1024]) * 1024,
    spares: random.chance(0.5),
    snapshotEvery: random.chance(0.4) ? random.pick([50, 200, 1_000]) : 0,
  };
}

const MOMENTS: readonly CrashMoment[] = [
  "before-submit",
  "after-submit",
  "after-submit",
  "after-submit",
  "mid-write",
  "mid-write",
  "answer-heard",
  "event-heard",
  "reported",
];

function drawCrash(random: Random, steps: number): PlannedCrash {
  return {
    kind: random.pick(["kill", "kill", "power", "power", "power", "stop"]),
    step: random.integer(1, Math.ceil(steps * 0.8)),
    ...drawMoment(random),
    againAfter: random.chance(0.2) ? random.integer(1, 60) : 0,
    change: random.chance(0.7) ? "none" : random.pick(["limits", "build", "strategies"]),
  };
}

function drawMoment(random: Random): Pick<PlannedCrash, "operations" | "moment"> {
  const operations = random.integer(1, 40);
  const moment = random.pick(MOMENTS);
  const [isLater, isMoment] = [random.chance(0.35), random.chance(0.8)];
  return { operations: isLater ? operations : 0, moment: !isLater && isMoment ? moment : null };
}

function drawStrategies(random: Random): string[] {
  const chosen = STRATEGIES.filter(() => random.chance(0.4));
  const rare = RARE_STRATEGIES.filter(() => random.chance(0.1));
  return chosen.length + rare.length === 0 ? ["market-maker"] : [...chosen, ...rare];
}
