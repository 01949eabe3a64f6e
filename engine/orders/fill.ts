/**
 * One fill on its way through the engine. Its doubles stand in an array and are read there: handed from call to call
 * each would be a boxed number, garbage for every fill.
 */
import {
  FILL_REPORT_FEE_MONEY,
  FILL_REPORT_LIQUIDITY,
  FILL_REPORT_PRICE_TICKS,
  FILL_REPORT_QTY_LOTS,
  FILL_REPORT_TRADE_ID,
  FILL_REPORT_VENUE_TIME_US,
  type MessageViews,
} from "../../schemas/index.js";

/** Slots of `Fill.figures`. */
export const QTY_LOTS = 0;
export const FEE_MONEY = 1;
export const TRADE_ID = 2;
export const VENUE_TIME_US = 3;
/** Profit before the fee, once it is applied. */
export const REALISED_MONEY = 4;

export class Fill {
  readonly figures = new Float64Array(5);
  /** Of the order that was filled. */
  row = -1;
  priceTicks = 0;
  liquidity = 0;

  read({ f64, i32, u8 }: MessageViews, at: number): void {
    const { figures } = this;
    figures[QTY_LOTS] = f64[(at + FILL_REPORT_QTY_LOTS) >> 3];
    figures[FEE_MONEY] = f64[(at + FILL_REPORT_FEE_MONEY) >> 3];
    figures[TRADE_ID] = f64[(at + FILL_REPORT_TRADE_ID) >> 3];
    figures[VENUE_TIME_US] = f64[(at + FILL_REPORT_VENUE_TIME_US) >> 3];
    figures[REALISED_MONEY] = 0;
    this.priceTicks = i32[(at + FILL_REPORT_PRICE_TICKS) >> 2];
    this.liquidity = u8[at + FILL_REPORT_LIQUIDITY];
  }
}
