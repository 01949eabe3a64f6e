/**
 * The stream in a real browser: a page from this machine follows a running demo with the project's own client and
 * without it, and a page from anywhere else gets nothing.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { StreamEvent } from "../actors/stream/client.js";
import type { Frame } from "../actors/stream/frames.js";
import { runNames } from "../actors/stream/message-fields.js";
import { TOPICS } from "../actors/stream/topics.js";
import { unitsToText } from "../engine/index.js";
import { FOREIGN_HOST, launchChromium, requireOrSkip } from "./support/chromium.js";
import { startCommand, withDirectory } from "./support/command.js";
import type * as streamPage from "./support/stream-page.js";

const canRun = requireOrSkip("chromium");

describe.skipIf(!canRun)("in Chromium", () => {
  let browser: Browser;
  let streamUrl: string;
  let pagePort: number;
  const closers: (() => unknown)[] = [];

  beforeAll(async () => {
    streamUrl = await startDemo(closers);
    pagePort = await servePage(closers);
    browser = await launchChromium();
    closers.push(() => browser.close());
  });

  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  test("the client gets the picture, then every change of every topic, the same in both forms", async () => {
    const { json, binary } = await onPage("127.0.0.1", (page) => call(page, "follow", streamUrl));
    for (const events of [json, binary]) expectWhole(events);
    const changes = changesOf(binary);
    const common = [...changesOf(json)].filter(([key]) => changes.has(key));
    for (const [key, frame] of common) expect(changes.get(key), key).toEqual(frame);
    expect(new Set(common.map(([, { topic }]) => topic))).toEqual(new Set(TOPICS));
    const types = common.map(([, { type }]) => type);
    expect(types.filter((type) => type === "trade").length).toBeGreaterThanOrEqual(50);
    expect(types).toContain("fill");
  });

  test("bare websockets get the same trades as text and as FlatBuffers that a stock reader understands", async () => {
    const { texts, trades } = await onPage("127.0.0.1", (page) => call(page, "followBare", streamUrl));
    const { instruments } = runNames((texts[0] as { config: Parameters<typeof runNames>[0] }).config);
    const bySeq = new Map(texts.filter(({ snapshot }) => !snapshot).map((text) => [text.seq, text]));
    const common = trades.filter(({ seq }) => bySeq.has(seq));
    expect(common.length).toBeGreaterThanOrEqual(50);
    for (const { seq, instrument, tradeId, priceTicks } of common) {
      const { id, tick } = instruments[instrument];
      expect(bySeq.get(seq)).toMatchObject({ instrument: id, tradeId, price: unitsToText(priceTicks, tick) });
    }
  });

  test.each(["127.0.0.1", "localhost"])("a page of %s is let in", async (host) => {
    expect(await onPage(host, (page) => call(page, "attempt", streamUrl))).toBe("connected");
  });

  test.each(["127.0.0.1", FOREIGN_HOST])("a foreign page that asks %s is refused by the server", async (host) => {
    const url = streamUrl.replace("127.0.0.1", host);
    await onPage(FOREIGN_HOST, async (page) => {
      const remarks: string[] = [];
      page.on("console", (message) => remarks.push(message.text()));
      expect(await call(page, "attempt", url)).toContain(`StreamUnreachableError: no stream at ${url}`);
      await expect.poll(() => remarks.join("\n"), { timeout: 10_000 }).toContain("Unexpected response code: 403");
    });
  });

  async function onPage<T>(host: string, work: (page: Page) => Promise<T>): Promise<T> {
    const page = await browser.newPage();
    try {
      await page.goto(`http://${host}:${pagePort}/`);
      return await work(page);
    } finally {
      await page.close();
    }
  }
});

describe("a machine without a browser", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  test("skips aloud, saying how to get one", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("CHROMIUM_PATH", "/no/browser");
    vi.stubEnv("SLUICE_REQUIRE", "questdb");
    expect(requireOrSkip("chromium")).toBe(false);
    expect(warn).toHaveBeenCalledWith(expect.stringMatching(/^SKIPPED: .* at \/no\/browser: install one .*apt-get/));
  });

  test("fails where one is required", () => {
    vi.stubEnv("CHROMIUM_PATH", "/no/browser");
    vi.stubEnv("SLUICE_REQUIRE", "questdb,chromium");
    expect(() => requireOrSkip("chromium")).toThrow("There is no Chromium at /no/browser");
  });
});

/** A demo of its own, with its stream's address. */
function startDemo(closers: (() => unknown)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = withDirectory(async (directory) => {
      const demo = startCommand(["demo", "--speed", "5", "--port", "0", "--journal", join(directory, "journal")]);
      closers.push(async () => {
        demo.kill("SIGTERM");
        await ended;
      });
      const [, url] = await demo.prints(/ stream (ws:\S+)\n/);
      resolve(url);
      expect(await demo.finished).toMatchObject({ code: 0, stderr: "" });
    });
    ended.catch(reject);
  });
}

/** Serves a page whose script is stream-page.ts, bundled for browsers; returns the port. */
async function servePage(closers: (() => unknown)[]): Promise<number> {
  const script = await bundlePage();
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><script src="/page.js"></script>');
  });
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** With nothing named external: a browser's bundle must need nothing of Node's. */
async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "support/stream-page.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    globalName: "streamPage",
    logLevel: "silent",
  });
  return outputFiles[0].text;
}

type PageFunction = "follow" | "followBare" | "attempt";

/** Calls a function of stream-page.ts inside the page. */
function call<Name extends PageFunction>(
  page: Page,
  name: Name,
  url: string,
): Promise<Awaited<ReturnType<(typeof streamPage)[Name]>>> {
  return page.evaluate(`streamPage.${name}(${JSON.stringify(url)})`);
}

/** Connected, the configuration, the picture, where the numbers stand, then each topic's changes without a gap. */
function expectWhole(events: readonly StreamEvent[]): void {
  const at = events.findIndex(({ kind }) => kind === "subscribed");
  const { topics } = events[at] as StreamEvent & { kind: "subscribed" };
  expect(events[0]).toEqual({ kind: "connected" });
  expect(events[1]).toMatchObject({ kind: "frame", frame: { type: "config", mode: "paper" } });
  expect(events.filter(({ kind }) => kind !== "frame")).toEqual([events[0], events[at]]);
  const picture = framesOf(events.slice(0, at));
  const changes = framesOf(events.slice(at));
  expect(picture.every(({ snapshot, seq, topic }) => snapshot && seq === topics[topic])).toBe(true);
  expect(changes.some(({ snapshot }) => snapshot)).toBe(false);
  for (const topic of TOPICS) {
    const numbers = changes.filter((frame) => frame.topic === topic).map(({ seq }) => seq);
    expect(numbers, topic).toEqual(numbers.map((_, index) => topics[topic] + 1 + index));
  }
}

const framesOf = (events: readonly StreamEvent[]): Frame[] =>
  events.flatMap((event) => (event.kind === "frame" ? [event.frame] : []));

/** The changes by topic and number. */
const changesOf = (events: readonly StreamEvent[]): Map<string, Frame> =>
  new Map(
    framesOf(events)
      .filter(({ snapshot }) => !snapshot)
      .map((frame) => [`${frame.topic} ${frame.seq}`, frame]),
  );
