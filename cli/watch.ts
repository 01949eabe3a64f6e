/** The command `watch`: shows the stream of a running engine, one line a frame, until it ends or is interrupted. */
import { connect, type StreamEvent, StreamUnreachableError } from "../actors/stream/client.js";
import { StreamFormatError } from "../actors/stream/decode.js";
import type { Frame } from "../actors/stream/frames.js";
import { CloseCode, DEFAULT_HOST, DEFAULT_PORT, STREAM_PATH } from "../actors/stream/protocol.js";
import { isTopic, type TopicName, unknownTopic } from "../actors/stream/topics.js";
import { watchLine } from "./watch-line.js";

export const DEFAULT_STREAM_URL = `ws://${DEFAULT_HOST}:${DEFAULT_PORT}${STREAM_PATH}`;
const RECONNECTS_MAX = 5;

export interface WatchOptions {
  readonly url?: string;
  /** Empty: all. */
  readonly topics?: readonly string[];
  /** One JSON object a line instead of words. */
  readonly json?: boolean;
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal;
  readonly out?: WatchOutput;
  readonly err?: Pick<WatchOutput, "write">;
}

/** What is needed of stdout. */
export interface WatchOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Told when the reader at the other end of a pipe has gone. */
  on?(event: "error", listener: () => void): unknown;
}

/** Exit code: 0 when the engine or the user ended it, 1 when there is no stream, 2 for a wrong option. */
export async function runWatch(options: WatchOptions): Promise<number> {
  const { url = DEFAULT_STREAM_URL, topics = [], signal, out = process.stdout, err = process.stderr } = options;
  const say = (line: string): unknown => err.write(`sluice: ${line}\n`);
  const fault = optionFault(url, topics);
  if (fault !== null) {
    say(fault);
    return 2;
  }
  const chosen = topics.length > 0 ? { topics: topics as TopicName[] } : {};
  const client = connect(url, { ...chosen, format: "binary", signal, reconnectsMax: RECONNECTS_MAX });
  out.on?.("error", () => client.close());
  const colour = out.isTTY === true && !process.env.NO_COLOR;
  const lineOf = (frame: Frame): string => (options.json ? JSON.stringify(frame) : watchLine(frame, colour));
  try {
    for await (const event of client) {
      if (event.kind === "frame") out.write(`${lineOf(event.frame)}\n`);
      else remark(event, url, say);
      if (event.kind === "disconnected" && event.code === CloseCode.goingAway) return 0;
    }
    return 0;
  } catch (error) {
    if (error instanceof StreamUnreachableError) {
      say(`${error.message}: start an engine with "sluice demo", or name another with --url`);
    } else if (error instanceof StreamFormatError) {
      say(error.message);
    } else {
      throw error;
    }
    return 1;
  }
}

function optionFault(url: string, topics: readonly string[]): string | null {
  const unknown = topics.find((name) => !isTopic(name));
  if (unknown !== undefined) return unknownTopic(unknown);
  const isStream = /^wss?:\/\//.test(url) && URL.canParse(url);
  return isStream ? null : `--url must look like ${DEFAULT_STREAM_URL} (was "${url}")`;
}

function remark(event: StreamEvent, url: string, say: (line: string) => unknown): void {
  switch (event.kind) {
    case "gap":
      return void say(`${event.topic}: expected frame ${event.expected}, got ${event.received}`);
    case "lost":
      return void say(
        `the server missed ${event.lostBytes} bytes of the log, inputs ${event.fromSequence} to ${event.toSequence}`,
      );
    case "error":
      return void say(event.error);
    case "disconnected":
      if (event.code === CloseCode.goingAway) return void say(`the stream at ${url} has ended`);
      return void say(
        `lost the stream at ${url}${event.reason ? ` (${event.reason})` : ""}; trying again in ${event.retryMs} ms`,
      );
  }
}
