/** The hash of the built core, which the build wrote: rings and journals carry it. */
import { readFileSync } from "node:fs";
import { ConfigError } from "../engine/index.js";

export function buildHash(): number {
  const url = import.meta.url.includes("/dist/")
    ? new URL("../build.json", import.meta.url)
    : new URL("../dist/build.json", import.meta.url);
  try {
    return (JSON.parse(readFileSync(url, "utf8")) as { buildHash: number }).buildHash;
  } catch {
    throw new ConfigError("this checkout is not built; run: npm run build");
  }
}
