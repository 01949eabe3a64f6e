/**
 * Two projects: `quick` needs nothing but Node and a few seconds; `full` starts servers, other languages and
 * processes.
 */
import { defineConfig } from "vitest/config";

const FULL = [
  "tests/{bench,questdb-*,store*,demo*,whatif*,replay-*,local-venue-*}.test.ts",
  "tests/{schemas-released,schemas-flatc,schemas-new-message,bench-peers,committed-builds}.test.ts",
  "tests/{cli,exec,hmm,math,models,risk}-*.test.ts",
  "tests/{ta-indicators,ta-lanes,ta-docs,ta-script,ta-slides,ta-known,wasm-script}.test.ts",
  "tests/{gateway-venue,gateway-faults,journal-agent,journal-crash,paper,feeds-allocation,feeds-intake}.test.ts",
  "tests/**/*.full.test.ts",
];
const common = { root: import.meta.dirname, pool: "forks" as const, testTimeout: 30_000, hookTimeout: 30_000 };

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: "quick", include: ["tests/**/*.test.ts"], exclude: FULL } },
      { test: { ...common, name: "full", include: FULL, testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
});
