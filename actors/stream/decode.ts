/**
 * A binary frame that came over a network, as the object that the JSON form would have been. Nothing is read before its
 * bounds are known to hold: a frame that is cut, of another schema or forged is refused with a StreamFormatError.
 */
import * as schema from "../../schemas/index.js";
import { MessageType, type MessageViews, viewsOf } from "../../schemas/index.js";
import { type Frame, frameOf } from "./frames.js";
import { type RunNames, runNames } from "./message-fields.js";
import { RecordCopy, type StreamRecord } from "./record.js";
import { NO_TOPIC, TOPICS, topicOf } from "./topics.js";

export class StreamFormatError extends Error {
  override readonly name = "StreamFormatError";

  constructor(what: string) {
    super(`the stream sent ${what}: use the client of the engine's own version`);
  }
}

/** Where a message keeps what must be checked; absent places are −1. */
interface Shape {
  readonly bytes: number;
  readonly instrument: number;
  /** Count of the trailing vector, and bytes of one element. */
  readonly count: number;
  readonly elementBytes: number;
  readonly bidCount: number;
}

const shape = (bytes: number, instrument = -1, count = -1, elementBytes = 0, bidCount = -1): Shape => ({
  bytes,
  instrument,
  count,
  elementBytes,
  bidCount,
});

const SHAPES: Readonly<Record<number, Shape>> = {
  [MessageType.Trade]: shape(schema.TRADE_BYTES, schema.TRADE_INSTRUMENT),
  [MessageType.Quote]: shape(schema.QUOTE_BYTES, schema.QUOTE_INSTRUMENT),
  [MessageType.BookDelta]: shape(
    schema.BOOK_DELTA_BYTES,
    schema.BOOK_DELTA_INSTRUMENT,
    schema.BOOK_DELTA_LEVELS_COUNT,
    schema.LEVEL_BYTES,
    schema.BOOK_DELTA_BID_COUNT,
  ),
  [MessageType.BookSnapshot]: shape(
    schema.BOOK_SNAPSHOT_BYTES,
    schema.BOOK_SNAPSHOT_INSTRUMENT,
    schema.BOOK_SNAPSHOT_LEVELS_COUNT,
    schema.LEVEL_BYTES,
    schema.BOOK_SNAPSHOT_BID_COUNT,
  ),
  [MessageType.FeedStatus]: shape(schema.FEED_STATUS_BYTES, schema.FEED_STATUS_INSTRUMENT),
  [MessageType.OrderEvent]: shape(schema.ORDER_EVENT_BYTES, schema.ORDER_EVENT_INSTRUMENT),
  [MessageType.Fill]: shape(schema.FILL_BYTES, schema.FILL_INSTRUMENT),
  [MessageType.Position]: shape(schema.POSITION_BYTES, schema.POSITION_INSTRUMENT),
  [MessageType.TradingStateEvent]: shape(schema.TRADING_STATE_EVENT_BYTES),
  [MessageType.StrategyLog]: shape(schema.STRATEGY_LOG_BYTES, -1, schema.STRATEGY_LOG_TEXT_COUNT, 1),
  [MessageType.Config]: shape(schema.CONFIG_BYTES, -1, schema.CONFIG_JSON_COUNT, 1),
  [MessageType.Status]: shape(schema.STATUS_BYTES, -1, schema.STATUS_JSON_COUNT, 1),
};

/** The constant bytes of a frame: what a writer of these schemas makes of zeros. */
const BLANK = blankFrame();

/** Names nothing: enough for the first frame of a connection, which is the Config that names the rest. */
export const NO_NAMES: RunNames = { instruments: [], strategies: [] };

/** Throws a StreamFormatError. `names` come from the Config frame, the first of every connection. */
export function decodeFrame(bytes: Uint8Array, names: RunNames): Frame {
  const record = new RecordCopy(bytes.length);
  record.views.u8.set(bytes);
  const { views } = record;
  checkFrame(views, bytes.length);
  const message: StreamRecord = {
    type: views.u16[schema.STREAM_FRAME_TYPE >> 1],
    sequence: views.f64[schema.STREAM_FRAME_SEQUENCE >> 3],
    timeUs: views.f64[schema.STREAM_FRAME_TIME_US >> 3],
    views,
    at: schema.STREAM_FRAME_PAYLOAD,
    bytes: views.u32[schema.STREAM_FRAME_PAYLOAD_COUNT >> 2],
  };
  checkMessage(message, names);
  const stamp = {
    topic: views.u8[schema.STREAM_FRAME_TOPIC],
    topicSequence: views.f64[schema.STREAM_FRAME_TOPIC_SEQUENCE >> 3],
    mode: views.u8[schema.STREAM_FRAME_MODE],
    snapshot: views.u8[schema.STREAM_FRAME_SNAPSHOT] !== 0,
  };
  try {
    return frameOf(message, stamp, names);
  } catch (error) {
    // A text that is no JSON, a quantity that is no whole number: the writer never makes these.
    throw new StreamFormatError(
      `a message of type ${message.type} with values that cannot be (${(error as Error).message})`,
    );
  }
}

/** The names that a Config frame gives, or null for any other frame. */
export function namesFrom(frame: Frame): RunNames | null {
  if (frame.type !== "config") return null;
  return runNames(frame.config as Parameters<typeof runNames>[0]);
}

function checkFrame({ i32, u8, u16, u32 }: MessageViews, bytes: number): void {
  const prefixWords = schema.STREAM_FRAME_TOPIC_SEQUENCE >> 2;
  require(bytes >= schema.STREAM_FRAME_BYTES && bytes % 8 === 0, `a frame of ${bytes} bytes`);
  for (let word = 0; word < prefixWords; word += 1) require(i32[word] === BLANK[word], "a frame of other schemas");
  const payload = u32[schema.STREAM_FRAME_PAYLOAD_COUNT >> 2];
  require(payload === bytes - schema.STREAM_FRAME_BYTES, `a payload of ${payload} bytes in a frame of ${bytes}`);
  const type = u16[schema.STREAM_FRAME_TYPE >> 1];
  const topic = u8[schema.STREAM_FRAME_TOPIC];
  require(topicOf(type) !== NO_TOPIC &&
    topicOf(type) === topic, `type ${type} in ${TOPICS[topic] ?? `topic ${topic}`}`);
}

function checkMessage({ type, views, at, bytes }: StreamRecord, { instruments }: RunNames): void {
  const { bytes: least, instrument, count, elementBytes, bidCount } = SHAPES[type];
  require(bytes >= least, `a message of type ${type} in ${bytes} bytes`);
  if (instrument >= 0) {
    const index = views.u32[(at + instrument) >> 2];
    require(index < instruments.length, `instrument ${index} of ${instruments.length}`);
  }
  if (count < 0) return;
  const elements = views.u32[(at + count) >> 2];
  require(least + elements * elementBytes <= bytes, `${elements} elements in ${bytes} bytes`);
  if (bidCount >= 0) require(views.u16[(at + bidCount) >> 1] <= elements, `more bids than ${elements} levels`);
}

function blankFrame(): Int32Array {
  const views = viewsOf(new ArrayBuffer(schema.STREAM_FRAME_BYTES));
  schema.writeStreamFrame(views, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  return views.i32;
}

function require(condition: boolean, what: string): asserts condition {
  if (!condition) throw new StreamFormatError(what);
}
