/**
 * The one schema of an engine's configuration: values are checked and unknown keys are errors, wherever it came from.
 */
import { z } from "zod";
import { ConfigError, DEFAULT_PAPER, DEFAULT_RISK, type EngineConfig } from "../engine/index.js";

const decimal = z.string().regex(/^\d{1,8}(\.\d{1,8})?$/, 'must be a decimal amount such as "500"');
const wholeMicroseconds = z.int().min(1, "must be at least 1 µs").max(10_000_000, "must be at most 10 s");

const risk = z.strictObject({ maxPosition: decimal, maxOrderValue: decimal, maxDailyLoss: decimal }).partial();
const paper = z
  .strictObject({
    orderLatencyUs: wholeMicroseconds,
    reportLatencyUs: wholeMicroseconds,
    fitLatencyUs: wholeMicroseconds,
  })
  .partial();

/** What a user may set; instruments come from the venue and strategies from their files. */
const settingsSchema = z.strictObject({
  seed: z.int().min(0).default(1),
  risk: risk.default({}),
  paper: paper.default({}),
});

/** The settings with their defaults. Throws ConfigError naming each fault. */
export function checkSettings(settings: unknown): Pick<EngineConfig, "seed" | "risk" | "paper"> {
  const result = settingsSchema.safeParse(settings);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.join(".") || "settings"}: ${message}`);
    throw new ConfigError(faults.join("; "));
  }
  const { seed, risk, paper } = result.data;
  return { seed, risk: { ...DEFAULT_RISK, ...risk }, paper: { ...DEFAULT_PAPER, ...paper } };
}
