/**
 * Everything a run consists of that outlives a process: time, the venue, the disk, what the checkers remember. Made
 * from a seed and options alone.
 */
import type { Recovered } from "../../../actors/recovery/recover.js";
import type { Engine } from "../../../engine/index.js";
import { JournalScan, placeOf } from "../checks/journal-scan.js";
import { MarketChecks } from "../checks/market-checks.js";
import { checkOrder } from "../checks/order-checks.js";
import { SendChecks } from "../checks/send-checks.js";
import { Witness } from "../checks/witness.js";
import { VirtualClock } from "../clock.js";
import { SimDisk } from "../disk/sim-disk.js";
import type { CrashMoment, SwarmOptions } from "../options.js";
import type { Random } from "../random.js";
import type { StrategyText } from "../strategies.js";
import { Tally } from "../tally.js";
import { Trace } from "../trace.js";
import { MarketVenue } from "../venue/market-venue.js";
import { OrderApi } from "../venue/order-api.js";
import { OrderVenue } from "../venue/order-venue.js";
import { promise } from "../violation.js";
import { DIRECTORY, type Life } from "./life.js";

/** 2026-01-05 23:59:30 UTC: a day ends within every longer run. */
const START_US = 1_767_657_570_000_000;

export interface WorldParts {
  readonly random: Random;
  readonly options: SwarmOptions;
  readonly strategies: readonly StrategyText[];
  readonly onLine?: (line: string) => void;
}

export class World {
  readonly clock = new VirtualClock(START_US);
  readonly tally = new Tally();
  readonly random: Random;
  readonly options: SwarmOptions;
  readonly strategies: readonly StrategyText[];
  readonly trace: Trace;
  readonly disk: SimDisk;
  readonly market: MarketVenue;
  readonly venue: OrderVenue;
  readonly api: OrderApi;
  readonly witness: Witness;
  readonly checks: MarketChecks;
  readonly sends: SendChecks;
  /** What would survive a loss of power, and what the end of the process. */
  readonly safeFromPower: JournalScan;
  readonly safeFromKill: JournalScan;
  life: Life | undefined;
  /** Of the build that runs; another one takes a journal over without executing it. */
  buildHash = 1;
  /** Told of the moments of an order's life at which the process may be made to die. */
  onMoment: (moment: CrashMoment) => void = () => {};
  isMomentDue: (moment: CrashMoment) => boolean = () => false;
  isFaulty = true;
  /** The disk was made to forget or to lie: what was safe may be gone. */
  isDiskBroken = false;
  /** Set when a promise was settled: the event loop must turn. */
  needsTurn = false;
  /** A write or a sync did not do what it said. */
  get hasLied(): boolean {
    const { faults } = this.tally;
    return faults["disk.misdirected-write"] > 0 || faults["disk.lost-sync"] > 0;
  }

  /** What is on the disk may not be what was written, by no fault of the journal's. */
  get mayBeDamaged(): boolean {
    return this.isDiskBroken || this.hasLied;
  }

  private safePlaceAtCrash = 0;
  /** Whether the newest life has read the journal. */
  private isRecovered = false;

  constructor({ random, options, strategies, onLine }: WorldParts) {
    const { clock, tally } = this;
    this.random = random;
    this.options = options;
    this.strategies = strategies;
    this.trace = new Trace(START_US, () => ({ nowUs: clock.nowUs, steps: clock.steps }), onLine);
    this.disk = new SimDisk(random.split("disk"), tally);
    this.market = new MarketVenue(clock, options.market, random.split("market"));
    const nowUs = (): number => clock.nowUs;
    const { books } = this.market;
    this.venue = new OrderVenue({ books, nowUs, random: random.split("venue"), tally, options: options.orders });
    this.api = new OrderApi(this.venue, options.orders, nowUs, random.split("api"), tally);
    this.witness = new Witness({ venue: this.venue, tally, trace: this.trace });
    this.checks = new MarketChecks(this.market.books);
    this.safeFromPower = new JournalScan(this.disk, DIRECTORY, true);
    this.safeFromKill = new JournalScan(this.disk, DIRECTORY, false);
    const scan = options.process.durability === "durable" ? this.safeFromPower : this.safeFromKill;
    this.sends = new SendChecks({
      witness: this.witness,
      scan,
      trace: this.trace,
      nowUs,
      hasDiskLied: () => this.hasLied,
    });
    this.connect();
  }

  /** The faults end. */
  heal(): void {
    this.isFaulty = false;
    this.api.isFaulty = false;
    this.venue.heal();
    this.market.heal();
    this.life?.heal();
  }

  readonly turn = (): void => {
    this.needsTurn = true;
  };

  /** A journal was recovered, and is what the next life goes on from. */
  onRecovered({ engine }: Recovered): void {
    const { witness, checks, safeFromKill, safeFromPower } = this;
    this.isRecovered = true;
    this.turned.length = 0;
    const safePlace = this.mayBeDamaged ? 0 : this.safePlaceAtCrash;
    const tape = witness.recovered(this.disk, DIRECTORY, safePlace);
    safeFromKill.reset();
    safeFromPower.reset();
    checks.forgetAfter(tape.lastSequence);
    this.sends.beginLife();
    promise((engine?.sequence ?? 0) === tape.lastSequence, "journal", () => {
      return `recovery stands at ${engine?.sequence}, the journal ends at ${tape.lastSequence}`;
    });
    // An input whose outputs are not all recorded is applied with all of them; they are written next.
    const isWhole = engine !== null && witness.end === placeOf(engine.sequence, engine.outputs);
    if (isWhole) this.checkState(engine);
  }

  /** The process is about to die: notes what must be there afterwards; a life that has not read it adds nothing. */
  noteCrash(withPower: boolean): void {
    const place = (withPower ? this.safeFromPower : this.safeFromKill).place();
    this.safePlaceAtCrash = this.isRecovered ? place : Math.min(place, this.safePlaceAtCrash);
    this.isRecovered = false;
  }

  losePower(): void {
    this.disk.losePower();
    this.safeFromKill.reset();
    this.safeFromPower.reset();
  }

  /** While no process runs, a bit of the journal may turn, or of what stands beside it. */
  decay(): void {
    const { options, random, tally, disk } = this;
    const own = random.split(`decay/${this.clock.steps}`);
    const files = [...disk.files].filter(([path, { size }]) => /\d\.seg$|\.js$|\.snap$/.test(path) && size > 0);
    if (!this.isFaulty || files.length === 0 || !own.chance(options.disk.bitFlip)) return;
    const [path, file] = own.pick(files);
    const byte = own.integer(0, file.size - 1);
    const bit = own.integer(0, 7);
    file.flip(byte, bit);
    tally.fault("disk.bit-flip");
    this.trace.note(`a bit turns in ${path}`, byte, bit);
    this.isDiskBroken = true;
    this.turned.push(() => file.flip(byte, bit));
  }

  /** Turns back the bits that turned; false when that is not what is wrong. */
  repair(): boolean {
    const { turned } = this;
    for (const back of turned) back();
    const wasFlip = turned.length > 0;
    turned.length = 0;
    this.isDiskBroken = false;
    return wasFlip;
  }
  private readonly turned: (() => void)[] = [];

  onJournalTrouble(_error: unknown): void {
    this.tally.event("journal.trouble");
  }

  onJournalUnsaved(_error: unknown): void {
    this.tally.event("journal.unsaved-at-stop");
  }

  /** The engine's own figures are those of its log. */
  checkState({ positions, sequence }: Engine): void {
    const { shadow } = this.witness;
    const { lots, costMoney, realisedMoney, feesMoney } = positions;
    for (let cell = 0; cell < lots.length; cell += 1) {
      promise(lots[cell] === shadow.lots[cell], "conservation", () => {
        return `the position of cell ${cell} is ${lots[cell]} lots; its fills make ${shadow.lots[cell]}`;
      });
      const cash = realisedMoney[cell] - costMoney[cell] - feesMoney[cell];
      promise(cash === shadow.cashMoney[cell], "conservation", () => {
        return `cell ${cell} has ${cash} of money; its fills make ${shadow.cashMoney[cell]} (sequence ${sequence})`;
      });
    }
  }

  private connect(): void {
    const { market, venue, witness, tally } = this;
    market.onFrame = (frame) => this.life?.port?.tell(frame);
    market.onTrade = (instrument, ticks, lots, takerBuys) => venue.onPublicTrade(instrument, ticks, lots, takerBuys);
    market.onBestMoved = (instrument) => venue.onBestMoved(instrument);
    venue.onChange = (order, trade) => {
      tally.event("venue.changes");
      this.trace.note(`venue ${order.clientOrderId} ${order.status}`, order.filledLots, trade?.tradeId);
      const known = witness.shadow.orders.get(Number.parseInt(order.clientOrderId.slice(7), 36));
      if (known) checkOrder(known, venue);
      this.life?.link?.tell(order, trade);
      venue.ledger.check();
      promise(venue.accepted.get(order.clientOrderId) === 1, "sent once", () => {
        return `the venue has taken ${order.clientOrderId} ${venue.accepted.get(order.clientOrderId)} times`;
      });
    };
  }
}
