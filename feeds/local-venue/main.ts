/**
 * The local venue as a process of its own: `node dist/feeds/local-venue/main.js --port 0 --speed 1`. It says when it
 * is ready, over IPC to the parent that forked it or else as one JSON line, and ends with its parent or on a signal.
 * Exit codes: 0 ended as asked, 1 it could not start, 2 the options were wrong.
 */
import { parseArgs } from "node:util";
import { checkOptions, type LocalVenueOptions } from "./options.js";
import { startLocalVenue } from "./server.js";

/** What a forked venue tells its parent once it listens. */
export interface ReadyMessage {
  readonly type: "ready";
  readonly port: number;
  readonly restUrl: string;
  readonly wsUrl: string;
}

const USAGE =
  "Usage: main.js [--host 127.0.0.1] [--port 0] [--speed 1] [--symbols BTCUSDT,ETHUSDT] [--capture <directory>]";

const options = readOptions();
const venue = await startLocalVenue(options).catch((error: Error) => fail(1, explain(error)));
for (const event of ["disconnect", "SIGTERM", "SIGINT"]) process.once(event, () => void stop());
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
  const { values } = parseArgs({ options: { host: text, port: text, speed: text, symbols: text, capture: text } });
  return {
    ...(values.host !== undefined && { host: values.host }),
    ...(values.port !== undefined && { port: numberFrom(values.port) }),
    ...(values.speed !== undefined && { speed: numberFrom(values.speed) }),
    ...(values.symbols !== undefined && { symbols: values.symbols.split(",") }),
    ...(values.capture !== undefined && { capture: values.capture }),
  };
}

/** Number("") is 0, which is a port and a speed nobody asked for. */
function numberFrom(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function announce(ready: ReadyMessage): void {
  if (process.send) process.send(ready);
  else process.stdout.write(`${JSON.stringify(ready)}\n`);
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
