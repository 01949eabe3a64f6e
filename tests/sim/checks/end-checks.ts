/**
 * What must hold when the faults are over: orders, fills and balances are the venue's, and the journal leads to the
 * very state in which the engine stands.
 */
import {
  ConfigError,
  type Engine,
  type EngineConfig,
  formatHash,
  loadStrategy,
  replay,
  stateHash,
  TapeError,
} from "../../../engine/index.js";
import { OrderStatus, TradingReason } from "../../../schemas/index.js";
import { createCrc32c, createDeterministicMath, createMathCore, type MathCore } from "../../../wasm/index.js";
import { DIRECTORY } from "../process/life.js";
import type { World } from "../process/world.js";
import type { StrategyText } from "../strategies.js";
import { INSTRUMENTS } from "../venue/instruments.js";
import { promise } from "../violation.js";
import { truthOf } from "./order-checks.js";
import { fillKey, type Shadow } from "./shadow.js";
import { segmentsOf } from "./witness.js";

const crc32c = createCrc32c();

/** What is not as the venue says it is; "" when everything is. */
export function differenceFromVenue({ life, witness, venue }: World): string {
  if (!life || life.isDead) return "no process runs";
  if (life.engine.risk.reason === TradingReason.Recovery) return "the life is still held";
  const { shadow } = witness;
  for (const order of shadow.openOrders()) {
    const truth = truthOf(order, venue);
    const isOpen = truth?.status === "NEW" || truth?.status === "PARTIALLY_FILLED";
    const { orderId, status } = order;
    if (status === OrderStatus.Unknown) return `order ${orderId} is unknown`;
    if (!isOpen) return `order ${orderId} is ${OrderStatus[status]} here and ${truth?.status} at the venue`;
  }
  return INSTRUMENTS.map(({ index }) => missingHere(shadow, venue, index)).find((what) => what !== "") ?? "";
}

/** What the venue has of an instrument and we do not. */
function missingHere(shadow: Shadow, venue: World["venue"], instrument: number): string {
  const open = new Set(shadow.openOrders().map(({ name }) => name));
  const order = venue.openOf(instrument).find(({ clientOrderId }) => !open.has(clientOrderId));
  if (order) return `the venue holds ${order.clientOrderId}, we do not`;
  const trade = venue.trades[instrument].find(({ tradeId }) => !shadow.fills.has(fillKey(instrument, tradeId)));
  return trade ? `trade ${trade.tradeId} of instrument ${instrument} is not applied` : "";
}

/** The end: balances are the venue's, and the journal replays to the same state. */
export function checkEnd(world: World, texts: ReadonlyMap<string, StrategyText>): void {
  const { life, witness, venue, checks } = world;
  for (const { index, id } of INSTRUMENTS) {
    const ours = witness.shadow.netLots(index);
    const theirs = venue.ledger.lotsGained(index);
    promise(ours === theirs, "conservation", () => `we have gained ${ours} lots of ${id}, the venue says ${theirs}`);
  }
  const money = witness.shadow.cashTotal;
  promise(money === venue.ledger.moneyGained(), "conservation", () => {
    return `we have gained ${money} of money, the venue says ${venue.ledger.moneyGained()}`;
  });
  life!.close();
  checks.engine = null;
  const [live, again] = [life!.engine, replayed(world, texts)].map((each) => each && formatHash(stateHash(each)));
  if (again === null) return;
  promise(live === again, "replay", () => `the journal replays to state ${again}, the engine stands at ${live}`);
}

/** The journal, or what stands beside it, is not believed: an error that names the place, and no engine. */
export const isRefusal = (error: unknown): boolean => error instanceof TapeError || error instanceof ConfigError;

/** The engine that the whole journal leads to; null when a disk that lied has made it unreadable, and that is said. */
function replayed(
  { disk, mayBeDamaged, tally, checks }: World,
  texts: ReadonlyMap<string, StrategyText>,
): Engine | null {
  const load = (config: EngineConfig, core: MathCore) => {
    const math = createDeterministicMath(core);
    return config.strategies.map(({ id }) =>
      id === "probe" ? checks.blindProbe : loadStrategy(texts.get(id)!.text, id, math),
    );
  };
  try {
    return replay({ segments: segmentsOf(disk, DIRECTORY), crc32c, makeCore: createMathCore, load }).engine;
  } catch (error) {
    // Folding could not add the outputs that a crash had taken from the last input of the build before.
    const isCut = tally.events["restart.other-build"] > 0 && /the journal does not hold/.test(String(error));
    if (!isCut && !(mayBeDamaged && isRefusal(error))) throw error;
    tally.event(isCut ? "replays-cut-by-another-build" : "journals-refused");
    return null;
  }
}
