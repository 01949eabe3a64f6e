/**
 * What befalls a run besides crashes: the clock that ticks, pauses of the process and stalls of its threads, clogs of
 * one way of the network after another, and an operator's commands.
 */
import { OperatorAction } from "../../schemas/index.js";
import type { World } from "./process/world.js";

const SECOND = 1_000_000;

/** Plans everything; the faults among it stop when the world's do. */
export function planTroubles(world: World): void {
  planTicks(world);
  planStalls(world);
  planOperator(world);
  if (world.options.swizzleClog) planSwizzle(world);
}

/** Hands a command to the process, if one runs. */
export function command({ life }: World, action: number, why: string): void {
  if (life?.isRunning) life.desk.command(action, why);
}

function planTicks(world: World): void {
  world.clock.after(world.options.clockTickUs, () => {
    if (world.life?.isRunning) world.life.tick();
    planTicks(world);
  });
}

function planStalls(world: World): void {
  const { random, options, clock, tally } = world;
  const own = random.split("troubles");
  const trouble = (): void => {
    if (!world.isFaulty) return;
    const { life } = world;
    if (life?.isRunning && own.chance(options.process.pause)) {
      tally.fault("process.pause");
      life.pause(own.exponential(2) * SECOND);
    }
    if (life?.isRunning && own.chance(options.process.stall)) {
      tally.fault("thread.stall");
      own.pick(Object.values(life.threads)).stall(own.exponential(0.3) * SECOND);
    }
    clock.after(SECOND, trouble);
  };
  trouble();
}

/** Every way of the network is stopped, one after another, and let go again in another order. */
function planSwizzle(world: World): void {
  const { clock, tally, random } = world;
  const own = random.split("swizzle");
  const beginUs = own.uniform() * 6 * SECOND;
  for (let way = 0; way < 5; way += 1) {
    clock.after(beginUs + own.uniform() * 2 * SECOND, () => {
      if (!world.isFaulty || !world.life?.isRunning) return;
      const { port, link } = world.life;
      const ways = [port.frames, port.requests, link.requests, link.answers, link.stream];
      tally.fault("network.swizzle-clog");
      ways[way].clog((2 + own.uniform() * 4) * SECOND);
    });
  }
}

function planOperator(world: World): void {
  const { options, clock, tally, random } = world;
  const own = random.split("operator");
  const { Halt, Resume, Reduce, Suspend, Unsuspend } = OperatorAction;
  for (let left = options.operatorActions; left > 0; left -= 1) {
    const atUs = own.uniform() * options.steps * 4_000;
    const action = own.pick([Halt, Resume, Reduce, Suspend, Unsuspend]);
    const act = (wanted: number): void => {
      if (!world.isFaulty) return;
      tally.event(`operator.${OperatorAction[wanted].toLowerCase()}`);
      command(world, wanted, "the simulation's operator");
    };
    clock.after(atUs, () => act(action));
    if (action !== Resume) clock.after(atUs + own.uniform() * 5 * SECOND, () => act(Resume));
  }
}
