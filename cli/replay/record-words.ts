/** The words of the enums that only the journal knows; the others are in actors/words.ts. */
import { CheckpointScope, FitOutcome, LifeStart, OperatorAction, ReportKind } from "../../schemas/index.js";

export const REPORT_KIND = wordsOf(ReportKind);
export const OPERATOR_ACTION = wordsOf(OperatorAction);
export const LIFE_START = wordsOf(LifeStart);
export const FIT_OUTCOME = wordsOf(FitOutcome);
export const CHECKPOINT_SCOPE = wordsOf(CheckpointScope);

/** An enum made by flatc maps both ways; only its names lead to numbers. */
function wordsOf(values: Readonly<Record<string, string | number>>): readonly string[] {
  const words: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") words[value] = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
  }
  return words;
}
