/**
 * One record of the log as what goes over the wire: a binary frame, which wraps the message's own bytes, or a line of
 * JSON. Both say the same; a frame is made once for all clients of its form.
 */
import { STREAM_FRAME_BYTES, STREAM_FRAME_PAYLOAD, viewsOf, writeStreamFrame } from "../../schemas/index.js";
import { MODE, TYPE } from "../words.js";
import { fieldsOf, type MessageFields, type RunNames } from "./message-fields.js";
import type { StreamRecord } from "./record.js";
import { TOPICS } from "./topics.js";

/** What a frame says beside its message. */
export interface FrameStamp {
  readonly topic: number;
  readonly topicSequence: number;
  readonly mode: number;
  /** Part of the picture sent on subscribing. */
  readonly snapshot: boolean;
}

export interface FrameHead {
  readonly topic: string;
  /** Counts the frames of the topic from 1; snapshot frames repeat the number they stand for. */
  readonly seq: number;
  /** Of the input in the engine's log. */
  readonly sequence: number;
  readonly timeUs: number;
  readonly mode: string;
  readonly type: string;
  readonly snapshot?: true;
}

export type Frame = FrameHead & MessageFields;

/** A StreamFrame; its bytes are the receiver's to keep. */
export function binaryFrame(record: StreamRecord, stamp: FrameStamp): Uint8Array<ArrayBuffer> {
  const { type, sequence, timeUs, bytes, at } = record;
  const buffer = new ArrayBuffer(STREAM_FRAME_BYTES + bytes);
  const views = viewsOf(buffer);
  const snapshot = stamp.snapshot ? 1 : 0;
  writeStreamFrame(views, 0, stamp.topicSequence, sequence, timeUs, type, stamp.topic, stamp.mode, snapshot, bytes);
  const from = record.views.i32;
  for (let word = 0; word < bytes >> 2; word += 1) {
    views.i32[(STREAM_FRAME_PAYLOAD >> 2) + word] = from[(at >> 2) + word];
  }
  return new Uint8Array(buffer);
}

export function frameOf(record: StreamRecord, stamp: FrameStamp, names: RunNames): Frame {
  const head: FrameHead = {
    topic: TOPICS[stamp.topic],
    seq: stamp.topicSequence,
    sequence: record.sequence,
    timeUs: record.timeUs,
    mode: MODE[stamp.mode],
    type: TYPE[record.type],
    ...(stamp.snapshot ? { snapshot: true } : {}),
  };
  return { ...head, ...fieldsOf(record.type, record.views, record.at, names) };
}

export const jsonFrame = (record: StreamRecord, stamp: FrameStamp, names: RunNames): string =>
  JSON.stringify(frameOf(record, stamp, names));
