/**
 * The promises of the local venue as a process of its own: it says where it listens, explains why it cannot, and never
 * outlives who started it. The built output runs, not the source.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { type ForkedVenue, forkLocalVenue } from "../feeds/local-venue/fork.js";
import { VenueClient } from "./support/local-venue.js";
import { VenueAccount } from "./support/local-venue-account.js";

const MAIN = fileURLToPath(new URL("../dist/feeds/local-venue/main.js", import.meta.url));
const FORK = new URL("../dist/feeds/local-venue/fork.js", import.meta.url).href;

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

test("a forked venue serves frames, and close leaves no process", async () => {
  const venue = await forkLocalVenue({ speed: 50, symbols: ["ETHUSDT"] });
  try {
    const client = await VenueClient.connect(`${venue.wsUrl}/ws/ethusdt@trade`);
    await client.until(() => client.frames.length >= 3);
    expect(JSON.parse(client.frames[0]!)).toMatchObject({ e: "trade", s: "ETHUSDT" });
    const answer = await fetch(`${venue.restUrl}/api/v3/depth?symbol=BTCUSDT`);
    expect(await answer.json()).toEqual({ code: -1121, msg: "Invalid symbol." });
  } finally {
    await venue.close();
  }
  expect(isAlive(venue.pid)).toBe(false);
  await venue.close();
});

test("a venue that cannot start rejects with its own words", async () => {
  await withTakenPort(async (port) => {
    await expect(forkLocalVenue({ port })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use; choose another`);
  });
  await expect(forkLocalVenue({ capture: "/nowhere" })).rejects.toThrow("no capture (<symbol>.gz) in /nowhere");
  await expect(forkLocalVenue({ speed: Number.NaN })).rejects.toThrow(RangeError);
});

test("without a parent to tell, it prints one JSON line and ends cleanly on a signal", async () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const child = run(["--port", "0", "--speed", "0"]);
    const [line] = await once(child.stdout!, "data");
    const ready = JSON.parse(line.toString());
    expect(ready).toEqual({
      type: "ready",
      port: ready.port,
      restUrl: `http://127.0.0.1:${ready.port}`,
      wsUrl: `ws://127.0.0.1:${ready.port}`,
    });
    const client = await VenueClient.connect(`${ready.wsUrl}/ws`);
    child.kill(signal);
    await client.closed;
    expect(await once(child, "exit")).toEqual([0, null]);
  }
});

test.each([
  [["--sped", "1"], 2, /^local venue: Unknown option '--sped'/],
  [["--speed", "fast"], 2, /^local venue: the speed must be 0 .* was NaN/],
  [["--port", ""], 2, /^local venue: the port must be an integer/],
  [["--symbols", "BTCUSDT,"], 2, /^local venue: the venue trades BTCUSDT and ETHUSDT, was asked for ""/],
  [["--balances", "USDT"], 2, /^local venue: a balance must be an asset and a decimal .* was "USDT=USDT"/],
  [["--balances", "usdt=1"], 2, /^local venue: a balance must be an asset and a decimal .* was "usdt=1"/],
  [["stray"], 2, /^local venue: Unexpected argument 'stray'/],
])("%j is answered with one clear line", async (args, code, line) => {
  const { exitCode, stdout, stderr } = await runToEnd(args);
  expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd()).not.toContain("\n");
});

test("a busy port is answered with one clear line and exit code 1", async () => {
  await withTakenPort(async (port) => {
    const { exitCode, stderr } = await runToEnd(["--port", String(port)]);
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      `local venue: Port ${port} on 127.0.0.1 is in use; choose another with --port, or 0 for any.\n`,
    );
  });
});

test("the venue ends with its parent, even when the parent is killed", async () => {
  const script = `
    const { forkLocalVenue } = await import(${JSON.stringify(FORK)});
    process.send(await forkLocalVenue({ speed: 1 }));`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  children.push(parent);
  const [{ restUrl, wsUrl }] = (await once(parent, "message")) as [ForkedVenue];
  const client = await VenueClient.connect(`${wsUrl}/ws/btcusdt@trade`);
  parent.kill("SIGKILL");
  await client.closed;
  await expect(fetch(`${restUrl}/api/v3/ping`)).rejects.toThrow("fetch failed");
});

test("a parent and every other process see the same truth and pull the same switches", async () => {
  const venue = await forkLocalVenue({ speed: 0, balances: { USDT: "1000" } });
  try {
    await venue.arm([{ kind: "answer-lost", next: 1 }]);
    const account = new VenueAccount(venue);
    await expect(account.limit("BUY", "0.01", "50000", { newClientOrderId: "one" })).rejects.toThrow();
    const truth = await venue.truth();
    expect(truth).toMatchObject({
      orders: [{ clientOrderId: "one", status: "NEW" }],
      balances: { USDT: { free: "499.50000000", locked: "500.50000000" } },
      faults: { "answer-lost": 1 },
    });
    expect(await (await fetch(`${venue.restUrl}/local/truth`)).json()).toEqual(truth);
    await expect(venue.local("POST", "/local/step", { count: -1 })).rejects.toThrow(/answered 400.*"count\\" must be/);
  } finally {
    await venue.close();
  }
  await expect(venue.truth()).rejects.toThrow();
});

test("orders outlive the client that is killed, and a later one finds them", async () => {
  const child = run(["--speed", "0"]);
  const [line] = await once(child.stdout!, "data");
  const venue = JSON.parse(line.toString()) as { restUrl: string };
  const support = new URL("../dist/feeds/local-venue/orders/credentials.js", import.meta.url).href;
  const script = `
    const { LOCAL_API_KEY, sign } = await import(${JSON.stringify(support)});
    const body = "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.01&price=50000&newClientOrderId=mine"
      + "&timestamp=" + Date.now();
    const headers = { "x-mbx-apikey": LOCAL_API_KEY };
    const url = ${JSON.stringify(`${venue.restUrl}/api/v3/order`)};
    await fetch(url, { method: "POST", headers, body: body + "&signature=" + sign(body) });
    process.kill(process.pid, "SIGKILL");`;
  const client = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
  children.push(client);
  expect(await once(client, "exit")).toEqual([null, "SIGKILL"]);
  expect((await new VenueAccount(venue).query("mine")).json).toMatchObject({ orderId: 1, status: "NEW" });
});

function run(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child;
}

async function runToEnd(args: readonly string[]) {
  const child = run(args);
  const [[exitCode], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout!),
    text(child.stderr!),
  ]);
  return { exitCode, stdout, stderr };
}

async function withTakenPort(work: (port: number) => Promise<void>): Promise<void> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
