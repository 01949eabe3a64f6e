/**
 * One seed from its first event to its verdict: a storm of so many events, then the faults end, and within a minute
 * everything must be as the venue says it is.
 */
import { OperatorAction } from "../../schemas/index.js";
import { checkEnd, differenceFromVenue } from "./checks/end-checks.js";
import { drawOptions } from "./options.js";
import { Lives } from "./process/lives.js";
import { World } from "./process/world.js";
import { Random } from "./random.js";
import type { StrategyText } from "./strategies.js";
import type { Counts } from "./tally.js";
import { command, planTroubles } from "./troubles.js";
import { promise, Violation } from "./violation.js";

const SECOND = 1_000_000;
const SETTLE_US = 60 * SECOND;
const LOOK_US = 50_000;

export interface SeedResult {
  readonly seed: number;
  readonly steps: number;
  readonly simulatedUs: number;
  readonly faults: Counts;
  readonly events: Counts;
  readonly failure: SeedFailure | null;
}

export interface SeedFailure {
  readonly checker: string;
  readonly message: string;
  readonly step: number;
  readonly trace: readonly string[];
  readonly stack: string;
}

export interface SeedSettings {
  readonly steps: number;
  readonly texts: ReadonlyMap<string, StrategyText>;
  readonly onLine?: (line: string) => void;
}

export async function runSeed(seed: number, { steps, texts, onLine }: SeedSettings): Promise<SeedResult> {
  const random = new Random(seed);
  const options = drawOptions(random, steps);
  const world = new World({ random, options, strategies: options.strategies.map((id) => texts.get(id)!), onLine });
  const { clock, tally } = world;
  const startUs = clock.nowUs;
  const failure = await verdict(world, texts);
  return {
    seed,
    steps: clock.steps,
    simulatedUs: clock.nowUs - startUs,
    faults: tally.faults,
    events: tally.events,
    failure,
  };
}

async function verdict(world: World, texts: SeedSettings["texts"]): Promise<SeedFailure | null> {
  const lives = new Lives(world);
  try {
    await storm(world, lives);
    await settle(world, lives);
    if (!lives.isOver) checkEnd(world, texts);
    return null;
  } catch (error) {
    const violation = error instanceof Violation ? error : new Violation("no agent fails", String(error));
    return {
      checker: violation.checker,
      message: violation.message,
      step: world.clock.steps,
      trace: world.trace.lines(),
      stack: error instanceof Error ? (error.stack ?? "") : "",
    };
  } finally {
    world.life?.die();
  }
}

async function storm(world: World, lives: Lives): Promise<void> {
  world.market.start();
  lives.begin();
  planTroubles(world);
  while (world.clock.steps < world.options.steps && !lives.isOver) {
    lives.crashIfDue();
    await step(world);
  }
}

/** Faults off; a life must be running, and come to agree with the venue. */
async function settle(world: World, lives: Lives): Promise<void> {
  const { clock } = world;
  world.heal();
  lives.heal();
  world.trace.note("faults end");
  command(world, OperatorAction.Halt, "the simulation settles");
  const untilUs = clock.nowUs + SETTLE_US;
  let lookUs = clock.nowUs;
  let difference = "nothing ran";
  while (clock.nowUs < untilUs && !lives.isOver) {
    await step(world);
    if (clock.nowUs < lookUs) continue;
    lookUs = clock.nowUs + LOOK_US;
    difference = differenceFromVenue(world);
    if (difference === "") return;
  }
  promise(lives.isOver, "liveness", () => `a minute after the faults ended: ${difference}`);
}

async function step(world: World): Promise<void> {
  world.clock.step();
  if (!world.needsTurn) return;
  world.needsTurn = false;
  await new Promise(setImmediate);
}
