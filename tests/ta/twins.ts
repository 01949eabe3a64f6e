/** The twins of all indicators, by name. */
import { averageTwins } from "./averages.js";
import { momentumTwins } from "./momentum.js";
import type { Twin } from "./twin.js";
import { volatilityTwins } from "./volatility.js";

export const twins: Readonly<Record<string, Twin>> = { ...averageTwins, ...momentumTwins, ...volatilityTwins };
