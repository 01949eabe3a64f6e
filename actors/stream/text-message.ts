/** The two messages of the stream that carry JSON text: the run's configuration and the status of the moment. */
import type { EngineConfig } from "../../engine/index.js";
import {
  CONFIG_BYTES,
  CONFIG_JSON_COUNT,
  encodeText,
  LifeStart,
  MessageType,
  STATUS_BYTES,
  STATUS_JSON_COUNT,
  textMessageBytes,
  writeConfig,
  writeStatus,
  writeText,
} from "../../schemas/index.js";
import { RecordCopy } from "./record.js";

/** What the stream has to know of a run before it can name anything. */
export interface StreamRun {
  readonly config: EngineConfig;
  /** A value of the schema's Mode. */
  readonly mode: number;
  readonly epoch: number;
  /** Start of the run, microseconds since the epoch. */
  readonly timeUs: number;
}

/** Anything that JSON can say. */
export type StatusJson = Readonly<Record<string, unknown>>;

export function configRecord({ config, mode, epoch, timeUs }: StreamRun): RecordCopy {
  const json = encodeText(JSON.stringify(config));
  const record = blank(MessageType.Config, 1, timeUs, textMessageBytes(CONFIG_BYTES, json.length));
  writeConfig(record.views, 0, timeUs, epoch, mode, LifeStart.Fresh, json.length);
  writeText(record.views, CONFIG_JSON_COUNT, json);
  return record;
}

export function statusRecord(status: StatusJson, mode: number, sequence: number, timeUs: number): RecordCopy {
  const json = encodeText(JSON.stringify(status));
  const record = blank(MessageType.Status, sequence, timeUs, textMessageBytes(STATUS_BYTES, json.length));
  writeStatus(record.views, 0, timeUs, mode, json.length);
  writeText(record.views, STATUS_JSON_COUNT, json);
  return record;
}

function blank(type: number, sequence: number, timeUs: number, bytes: number): RecordCopy {
  const record = new RecordCopy(bytes);
  record.type = type;
  record.sequence = sequence;
  record.timeUs = timeUs;
  record.bytes = bytes;
  return record;
}
