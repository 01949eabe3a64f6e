/**
 * A real Chromium for a test: the machine's own, with a new profile, reaching this machine alone. A machine without one
 * skips such tests aloud, unless SLUICE_REQUIRE says that it must have one.
 */
import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Any page may be served under this name: it leads to the loopback, and the stream knows nothing of it. */
export const FOREIGN_HOST = "foreign.example";

const PLACES = ["/usr/bin/chromium", "/usr/bin/google-chrome"];
const RESOLVER_RULES = [`MAP ${FOREIGN_HOST} 127.0.0.1`, "EXCLUDE localhost", "EXCLUDE 127.0.0.1", "MAP * ~NOTFOUND"];
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  `--host-resolver-rules=${RESOLVER_RULES.join(",")}`,
];

/**
 * Whether tests that need the browser can run. False is said aloud; with the browser named in SLUICE_REQUIRE it is an
 * error.
 */
export function requireOrSkip(service: "chromium"): boolean {
  try {
    findChromium();
    return true;
  } catch (error) {
    const required = (process.env.SLUICE_REQUIRE ?? "").split(/[\s,]+/).includes(service);
    if (required) throw error;
    console.warn(`SKIPPED: tests that need ${service}. ${(error as Error).message}`);
    return false;
  }
}

/** Starts a browser with an empty profile, which goes when the browser is closed. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS });
}

/** The browser's path: CHROMIUM_PATH, or where distributions put it. Throws when nothing there can be run. */
function findChromium(): string {
  const named = process.env.CHROMIUM_PATH;
  const places = named ? [named] : PLACES;
  const found = places.find(canRun);
  if (found !== undefined) return found;
  throw new Error(
    `There is no Chromium at ${places.join(" or ")}: install one ` +
      "(Debian: apt-get install --no-install-recommends chromium) or name one in CHROMIUM_PATH",
  );
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
