/** The writer and the gating readers of a log, in JavaScript and in WebAssembly, with the same verbs. */
import { LOG_RECORD_HEADER, NONE } from "../../../actors/ring/layout.js";
import { LogReader } from "../../../actors/ring/log-reader.js";
import { LogWriter } from "../../../actors/ring/log-ring.js";
import type { Side } from "../side.js";
import { identity, RING } from "../stage.js";

export interface LogSender {
  claim(type: number, index: number, sequence: number, timeUs: number, payloadBytes: number): number;
  commit(): void;
  publish(): void;
}

export interface LogReceiver {
  /** Byte offset of the record's header, or NONE. */
  next(): number;
  release(): void;
}

export interface LogLanguage {
  writer(side: Side): LogSender;
  reader(side: Side, slot: number, dependsOn: readonly number[]): LogReceiver;
}

export const inJavaScript: LogLanguage = {
  writer: ({ views }) => LogWriter.join(views, RING, identity),
  reader: ({ views }, slot, dependsOn) => LogReader.join(views, RING, identity, slot, dependsOn),
};

/** No room and no record are 0 in WebAssembly. */
export const inWebAssembly: LogLanguage = {
  writer: ({ fabric }) => {
    fabric.logJoinWriter(RING);
    return {
      claim: (...header) => fabric.logClaim(RING, ...header) || NONE,
      commit: () => fabric.logCommit(RING),
      publish: () => fabric.logPublish(RING),
    };
  },
  reader: ({ fabric }, slot, dependsOn) => {
    fabric.logJoinReader(
      RING,
      slot,
      dependsOn.reduce((set, other) => set | (1 << other), 0),
    );
    return {
      next: () => {
        const payload = fabric.logNext(RING, slot);
        return payload === 0 ? NONE : payload - LOG_RECORD_HEADER;
      },
      release: () => fabric.logRelease(RING, slot),
    };
  },
};
