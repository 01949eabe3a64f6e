/** The twins of all indicators, by name. */
import { averageTwins } from "./averages.js";
import { filterTwins } from "./filters.js";
import { marketTwins } from "./market.js";
import { microstructureTwins } from "./microstructure.js";
import { momentumTwins } from "./momentum.js";
import { persistenceTwins } from "./persistence.js";
import { statisticsTwins } from "./statistics.js";
import { strengthTwins } from "./strength.js";
import { trendTwins } from "./trend.js";
import type { Twin } from "./twin.js";
import { volatilityTwins } from "./volatility.js";
import { volumeTwins } from "./volume.js";

export const twins: Readonly<Record<string, Twin>> = {
  ...averageTwins,
  ...momentumTwins,
  ...volatilityTwins,
  ...volumeTwins,
  ...trendTwins,
  ...statisticsTwins,
  ...microstructureTwins,
  ...filterTwins,
  ...marketTwins,
  ...persistenceTwins,
  ...strengthTwins,
};
