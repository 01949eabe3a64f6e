/**
 * The local venue as a process of its own: `node dist/feeds/local-venue/main.js --port 0 --speed 1`. It says when it
 * is ready, over IPC to the parent that forked it or else as one JSON line, and ends with its parent or on a signal.
 * Exit codes: 0 ended as asked, 1 it could not start, 2 the options were wrong.
 */
import { parseArgs } from "node:util";
import type { LocalAnswer } from "./local-api.js";
import { checkOptions, type LocalVenueOptions } from "./options.js";
import { startLocalVenue } from "./server.js";

/** What a forked venue tells its parent once it listens. */
export interface ReadyMessage {
  readonly type: "ready";
  readonly port: number;
  readonly restUrl: string;
  readonly wsUrl: string;
}

/** A request to `/local/…` from the parent, and its answer. */
export interface LocalRequestMessage {
  readonly type: "local";
  readonly id: number;
  readonly method: string;
  readonly path: string;
  /** JSON, or empty. */
  readonly body: string;
}

export interface LocalAnswerMessage extends LocalAnswer {
  readonly type: "local-answer";
  readonly id: number;
}

const USAGE =
  "Usage: main.js [--host 127.0.0.1] [--port 0] [--speed 1] [--symbols BTCUSDT,ETHUSDT] [--capture <directory>] " +
  "[--balances USDT=1000000,BTC=10]";

const options = readOptions();
const venue = await startLocalVenue(options).catch((error: Error) => fail(1, explain(error)));
for (const event of ["disconnect", "SIGTERM", "SIGINT"]) process.once(event, () => void stop());
process.on("message", answerParent);
announce({ type: "ready", port: venue.port, restUrl: venue.restUrl, wsUrl: venue.wsUrl });

function readOptions(): LocalVenueOptions {
  try {
    const found = parseOptions();
    checkOptions(found);
    return found;
  } catch (error) {
    return fail(2, `${(error as Error).message.replaceAll("\n", " ")}. ${USAGE}`);
  }
}

function parseOptions(): LocalVenueOptions {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { host: text, port: text, speed: text, symbols: text, capture: text, balances: text },
  });
  return {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: numberFrom(values.port) }),
    ...(values.speed !== undefined && { speed: numberFrom(values.speed) }),
    ...(values.symbols !== undefined && { symbols: values.symbols.split(",") }),
    ...(values.capture !== undefined && { capture: values.capture }),
    ...(values.balances !== undefined && { balances: balancesFrom(values.balances) }),
  };
}

/** `USDT=1000,BTC=2`; the check of the options says what is wrong with a part. */
function balancesFrom(text: string): Record<string, string> {
  return Object.fromEntries(text.split(",").map((part) => [part.split("=", 1)[0]!, part.slice(part.indexOf("=") + 1)]));
}

/** Number("") is 0, which is a port and a speed nobody asked for. */
function numberFrom(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function announce(ready: ReadyMessage): void {
  if (process.send) process.send(ready);
  else process.stdout.write(`${JSON.stringify(ready)}\n`);
}

function answerParent(message: unknown): void {
  const { type, id, method, path, body } = message as LocalRequestMessage;
  if (type !== "local") return;
  const answer: LocalAnswerMessage = { type: "local-answer", id, ...venue.local(method, path, body) };
  process.send?.(answer);
}

async function stop(): Promise<void> {
  await venue.close();
  process.exit(0);
}

function explain(error: NodeJS.ErrnoException): string {
  if (error.code !== "EADDRINUSE") return error.message;
  return `Port ${options.port} on ${options.host ?? "127.0.0.1"} is in use; choose another with --port, or 0 for any.`;
}

function fail(code: number, line: string): never {
  process.stderr.write(`local venue: ${line}\n`);
  process.exit(code);
}
