/**
 * `sluice questdb`: a QuestDB server of the user's own, in .sluice/questdb under the working directory. And the address
 * that commands use when they are given none.
 */
import { join } from "node:path";
import { ConfigError } from "../engine/index.js";
import { type QuestdbStatus, questdbStatus, startQuestdb, stopQuestdb } from "../feeds/questdb/server.js";
import { type Output, plural } from "./output.js";
import { keepPort, keptPort } from "./questdb-port.js";

export interface QuestdbCommandOptions {
  /** Default: .sluice/questdb. */
  readonly directory?: string;
  /** Of HTTP, on 127.0.0.1; default: the one it had last, 9000 at first. */
  readonly port?: number;
  readonly json: boolean;
}

export async function runQuestdb(
  action: "start" | "stop" | "status",
  options: QuestdbCommandOptions,
  output: Output,
): Promise<void> {
  const directory = options.directory ?? ownDirectory();
  switch (action) {
    case "start":
      return start(directory, options, output);
    case "stop":
      return stop(directory, options, output);
    case "status":
      return showStatus(directory, options, output);
  }
}

/** SLUICE_QUESTDB_URL, else the server that `sluice questdb start` runs. Throws ConfigError when there is neither. */
export async function defaultQuestdbUrl(): Promise<string> {
  const configured = process.env.SLUICE_QUESTDB_URL;
  if (configured) return configured;
  const { state, url, message } = await questdbStatus({ directory: ownDirectory(), configuredUrl: null });
  if (state === "running" && url !== null) return url;
  const why = message ? ` ${message}` : "";
  const remedy = "Start one with: sluice questdb start. Or name one in SLUICE_QUESTDB_URL.";
  throw new ConfigError(`no QuestDB server is running here (${state}).${why} ${remedy}`);
}

const ownDirectory = (): string => join(process.cwd(), ".sluice", "questdb");

async function start(directory: string, { port, json }: QuestdbCommandOptions, output: Output): Promise<void> {
  const httpPort = port ?? (await keptPort(directory));
  const server = await startQuestdb({ directory, httpPort, signalProgress: (line) => output.note(line) });
  if (server.how !== "running") keepPort(directory, server.url);
  if (json) return output.json(server);
  const there = server.how === "running" ? "was running already" : "is running";
  output.line(`QuestDB ${server.version} ${there} at ${server.url}`);
  output.line(`its data is in ${server.directory}; end it with: sluice questdb stop`);
}

async function stop(directory: string, { json }: QuestdbCommandOptions, output: Output): Promise<void> {
  const stopped = await stopQuestdb({ directory, signalProgress: (line) => output.note(line) });
  if (json) output.json(stopped);
  else output.line(stopped.message);
}

async function showStatus(directory: string, { json }: QuestdbCommandOptions, output: Output): Promise<void> {
  const status = await questdbStatus({ directory });
  if (json) output.json(status);
  else for (const line of statusLines(status)) output.line(line);
}

function statusLines({ state, how, url, version, pid, uptimeS, tables, message }: QuestdbStatus): string[] {
  const process = pid === null ? "" : `, pid ${pid}`;
  const age = uptimeS === null ? "" : `, up ${plural(uptimeS, "second")}`;
  const head =
    url === null ? `QuestDB is ${state}` : `QuestDB ${version ?? ""} is ${state} at ${url} (${how}${process}${age})`;
  const rows = tables.map(
    ({ name, rowCount, wal }) => `  ${name.padEnd(12)} ${plural(rowCount, "row").padStart(16)}   ${wal}`,
  );
  return [head, ...rows, ...(message ? [message] : [])];
}
