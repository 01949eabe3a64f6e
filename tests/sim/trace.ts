/**
 * The last things that happened in a run, kept as numbers and turned into words only when the run has failed.
 */
import {
  MessageType,
  type MessageViews,
  ORDER_EVENT_ORDER_ID,
  ORDER_EVENT_STATUS,
  OrderStatus,
  SUBMIT_ORDER_ORDER_ID,
} from "../../schemas/index.js";

const KEPT = 60;

interface Entry {
  readonly timeUs: number;
  readonly step: number;
  readonly what: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Records of the market and the clock tell little and come most. */
const QUIET: ReadonlySet<number> = new Set([
  MessageType.Trade,
  MessageType.Quote,
  MessageType.BookDelta,
  MessageType.BookSnapshot,
  MessageType.Clock,
]);

export class Trace {
  private readonly entries: Entry[] = [];
  private readonly now: () => { readonly nowUs: number; readonly steps: number };
  private readonly startUs: number;
  private readonly onLine: ((line: string) => void) | undefined;

  constructor(startUs: number, now: Trace["now"], onLine?: (line: string) => void) {
    this.startUs = startUs;
    this.now = now;
    this.onLine = onLine;
  }

  note(what: string, a = Number.NaN, b = Number.NaN, c = Number.NaN): void {
    const { nowUs: timeUs, steps: step } = this.now();
    const entry = { timeUs, step, what, a, b, c };
    this.entries.push(entry);
    if (this.entries.length > 2 * KEPT) this.entries.splice(0, KEPT);
    this.onLine?.(this.describe(entry));
  }

  record(type: number, sequence: number, index: number, views: MessageViews, at: number): void {
    if (QUIET.has(type)) return;
    if (type === MessageType.OrderEvent) {
      const status = OrderStatus[views.u8[at + ORDER_EVENT_STATUS]];
      if (status === "Denied") return;
      return this.note(`log order ${status}`, sequence, index, views.f64[(at + ORDER_EVENT_ORDER_ID) >> 3]);
    }
    const isSubmit = type === MessageType.SubmitOrder;
    this.note(
      `log ${MessageType[type]}`,
      sequence,
      index,
      isSubmit ? views.f64[(at + SUBMIT_ORDER_ORDER_ID) >> 3] : Number.NaN,
    );
  }

  lines(): string[] {
    return this.entries.slice(-KEPT).map((entry) => this.describe(entry));
  }

  private describe({ timeUs, step, what, a, b, c }: Entry): string {
    const seconds = ((timeUs - this.startUs) / 1e6).toFixed(6).padStart(11);
    const numbers = [a, b, c].filter((each) => !Number.isNaN(each)).join(" ");
    return `${seconds} s  step ${String(step).padStart(6)}  ${what} ${numbers}`.trimEnd();
  }
}
