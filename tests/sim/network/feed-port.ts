/**
 * Stands in the place of feeds/binance/exchange.ts: the same class, whose socket and requests go over the simulated
 * network to the simulated venue. The feed's session, its intake and its decoder are the real ones. Which port an
 * exchange belongs to comes with its endpoints, so that a life has one of its own.
 */
import type { VirtualClock } from "../clock.js";
import type { FeedOptions } from "../options.js";
import type { Random } from "../random.js";
import type { Tally } from "../tally.js";
import { spoil } from "../venue/frames.js";
import type { MarketVenue } from "../venue/market-venue.js";
import { Path } from "./path.js";

const SECOND = 1_000_000;
const ANSWER_US = 9 * SECOND;

type FrameTap = (frame: Uint8Array, isText: boolean) => boolean;
interface OpenOptions {
  readonly endpoints: unknown;
  readonly tap: FrameTap;
  readonly onOpen: () => void;
}

export interface FeedPortParts {
  readonly clock: VirtualClock;
  readonly venue: MarketVenue;
  readonly options: FeedOptions;
  readonly random: Random;
  readonly tally: Tally;
  /** A promise was settled: the event loop must turn before the next event. */
  readonly turn: () => void;
  /** Lets the process hear, when it is not paused. */
  readonly deliver: (run: () => void) => void;
}

export class FeedPort {
  readonly frames: Path;
  readonly requests: Path;
  isFaulty = true;
  private readonly parts: FeedPortParts;
  private connection: Connection | undefined;
  private isClosed = false;
  /** Counts connections that ended: no frame of one comes after its end. */
  private generation = 0;

  constructor(parts: FeedPortParts) {
    const { clock, options, random, tally } = parts;
    this.parts = parts;
    this.frames = new Path("market", clock, options.frames, random.split("frames"), tally);
    this.requests = new Path("market.request", clock, options.requests, random.split("requests"), tally);
    this.watchConnection();
  }

  /** What a feed is given as its endpoints. */
  get endpoints(): { rest: string; ws: string } {
    return { rest: "", ws: "", port: this } as { rest: string; ws: string };
  }

  heal(): void {
    this.isFaulty = false;
    this.frames.heal();
    this.requests.heal();
  }

  /** The process is gone. */
  close(): void {
    this.isClosed = true;
    this.connection = undefined;
    this.cutFrames();
    this.requests.cut();
  }

  /** The venue speaks to whoever listens. */
  tell(frame: string): void {
    const { connection } = this;
    if (!connection?.isOpen || connection.isSilent) return;
    const { options, random, tally, deliver } = this.parts;
    let text = frame;
    if (this.isFaulty && random.chance(options.badFrame)) {
      const spoilt = spoil(frame, random);
      tally.fault(`market.bad.${spoilt.kind}`);
      text = spoilt.frame;
    }
    const { generation } = this;
    const bytes = Buffer.from(text, "latin1");
    this.frames.send(() =>
      deliver(() => {
        if (generation === this.generation) connection.tap(bytes, true);
      }),
    );
  }

  dial(tap: FrameTap, onOpen: () => void): Promise<unknown> {
    const { options, random, tally, turn, clock } = this.parts;
    return new Promise((resolve) => {
      // A feed that was starting when its process died.
      if (this.isClosed) return;
      const end = (reason: string): void => {
        // Nobody is there to hear it, and the memory is another life's.
        if (this.isClosed) return;
        if (this.connection === connection) this.connection = undefined;
        resolve(new Error(reason));
        turn();
      };
      const connection: Connection = { tap, end, isOpen: false, isSilent: false };
      this.connection = connection;
      clock.after(ANSWER_US, () => {
        if (!connection.isOpen) end("the dial timed out");
      });
      this.requests.send(() => {
        if (this.connection !== connection) return;
        if (this.isFaulty && random.chance(options.refusedDial)) {
          tally.fault("market.refused-dial");
          return end("the dial was refused");
        }
        connection.isOpen = true;
        onOpen();
      });
    });
  }

  disconnect(): void {
    const { connection } = this;
    this.cutFrames();
    connection?.end("cut off by us");
  }

  depth(symbol: string): Promise<unknown> {
    const { venue, options, random, tally, turn, clock } = this.parts;
    return new Promise((resolve, reject) => {
      if (this.isClosed) return;
      const fail = (why: string): void => {
        if (this.isClosed) return;
        reject(new Error(why));
        turn();
      };
      clock.after(ANSWER_US, () => fail("timeout"));
      this.requests.send(() => {
        if (this.isFaulty && random.chance(options.snapshotError)) {
          tally.fault("market.snapshot-error");
          return random.chance(0.5) ? fail("503") : this.requests.send(() => this.settle(resolve, { code: -1003 }));
        }
        const answer = venue.depth(symbol);
        this.requests.send(() => this.settle(resolve, answer));
      });
    });
  }

  private cutFrames(): void {
    this.generation += 1;
    this.frames.cut();
  }

  private settle(resolve: (value: unknown) => void, value: unknown): void {
    if (this.isClosed) return;
    resolve(value);
    this.parts.turn();
  }

  private watchConnection(): void {
    const { clock, options, random, tally } = this.parts;
    clock.after(SECOND, () => {
      if (this.isClosed) return;
      if (this.connection?.isOpen && this.isFaulty) {
        if (random.chance(options.close)) {
          tally.fault("market.close");
          this.cutFrames();
          this.connection.end("closed with 1006");
        } else if (random.chance(options.halfOpen)) {
          tally.fault("market.half-open");
          this.connection.isSilent = true;
        }
      }
      this.watchConnection();
    });
  }
}

interface Connection {
  readonly tap: FrameTap;
  readonly end: (reason: string) => void;
  isOpen: boolean;
  isSilent: boolean;
}

/** As the feed's session knows it. */
export class BinanceExchange {
  private readonly port: FeedPort;
  private readonly options: OpenOptions;

  private constructor(options: OpenOptions) {
    this.options = options;
    this.port = (options.endpoints as { port: FeedPort }).port;
  }

  static async open(options: OpenOptions): Promise<BinanceExchange> {
    return new BinanceExchange(options);
  }

  async ping(): Promise<void> {}

  depth(symbol: string, _limit: number): Promise<unknown> {
    return this.port.depth(symbol);
  }

  subscribe(_streams: readonly string[]): Promise<unknown> {
    return this.port.dial(this.options.tap, this.options.onOpen);
  }

  disconnect(): void {
    this.port.disconnect();
  }

  async close(): Promise<void> {
    this.disconnect();
  }
}

/** Names that the real file exports and that a simulation does not call. */
export const createExchange = BinanceExchange.open;
export class VenueUnreachable extends Error {}
