/**
 * A what-if's result as one plain object: the first divergence with its cause, and what each run came to. Whatever the
 * modelled run did carries the word; the recorded one says whether its venue was simulated too.
 */
import type { MessageFields, RunNames } from "../../actors/stream/message-fields.js";
import { MODE, TYPE } from "../../actors/words.js";
import { type Engine, formatHash, stateHash, unitsToText } from "../../engine/index.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import type { LedgerResult } from "../../research/replay/ledger.js";
import type { GateDecision } from "../../research/replay/observer.js";
import type { Step } from "../../research/replay/replay-walk.js";
import type { FirstDifference, WhatIfResult } from "../../research/whatif.js";
import { DenyReason, Mode } from "../../schemas/index.js";
import { namesOf } from "./engine-report.js";
import { gateText } from "./gate-words.js";
import { isoTime } from "./moments.js";
import { moneyText } from "./money-text.js";
import type { Notes } from "./open-journal.js";
import { recordFields } from "./record-fields.js";
import { recordLine, recordNumber } from "./record-line.js";
import type { Change } from "./what-if-plan.js";

export type ComparisonReport = ReturnType<typeof comparisonReport>;

export function comparisonReport(journal: string, changes: readonly Change[], result: WhatIfResult, notes: Notes) {
  const { recordedEngine, modelledEngine, recorded, modelled } = result;
  const isLive = recordedEngine.mode === Mode.Live;
  if (result.isTorn) notes.add("the journal ends within a record that was being written; it is compared up to there");
  return {
    journal,
    mode: MODE[recordedEngine.mode],
    currency: recordedEngine.config.currency,
    changes,
    partedAt: result.partedAt,
    inputs: result.inputs,
    recordsEqual: result.recordsEqual,
    divergence: result.difference && divergence(result.difference, changes, isLive),
    recorded: { fillsAre: isLive ? "recorded" : "recorded, of a simulated venue", ...totals(recorded, recordedEngine) },
    modelled: { fillsAre: "modelled", ...totals(modelled, modelledEngine) },
    difference: {
      pnl: moneyText(modelled.profitMoney - recorded.profitMoney),
      fees: moneyText(modelled.feesMoney - recorded.feesMoney),
      turnover: moneyText(modelled.turnoverMoney - recorded.turnoverMoney),
    },
    notes: notes.lines,
  };
}

function totals(result: LedgerResult, engine: Engine) {
  return {
    ...sums(result),
    largestPosition: Object.fromEntries(
      engine.instruments.map(({ id, lot }) => [id, unitsToText(result.largestLots.get(id) ?? 0, lot)]),
    ),
    strategies: engine.strategies.map(({ id }) => {
      const own = result.strategies.find(({ strategy }) => strategy === id);
      return { id, ...sums(own ?? NOTHING) };
    }),
    stateHash: formatHash(stateHash(engine)),
  };
}

type Sums = Omit<LedgerResult, "strategies" | "largestLots">;
const NOTHING: Sums = { profitMoney: 0, feesMoney: 0, sent: 0, denied: 0, fills: 0, turnoverMoney: 0n };

const sums = ({ profitMoney, feesMoney, sent, denied, fills, turnoverMoney }: Sums) => ({
  pnl: moneyText(profitMoney),
  fees: moneyText(feesMoney),
  ordersSent: sent,
  ordersDenied: denied,
  fills,
  turnover: moneyText(turnoverMoney),
});

function divergence({ recorded, modelled, ...engines }: FirstDifference, changes: readonly Change[], isLive: boolean) {
  const place = (recorded ?? modelled)!.input;
  const names = namesOf(engines.recordedEngine);
  return {
    sequence: place.sequence,
    time: isoTime(place.timeUs),
    timeUs: place.timeUs,
    input: { line: recordLine(place, names), type: TYPE[place.type], ...recordFields(place, names) },
    recorded: sideOf(recorded, names),
    modelled: sideOf(modelled, namesOf(engines.modelledEngine)),
    fields: differingFields(recorded, modelled, names),
    because: causes(recorded, modelled, engines.modelledEngine, changes, isLive),
  };
}

/** What one run did at the divergence; null when it did not take that input. */
function sideOf(step: Step | null, names: RunNames) {
  if (step === null) return null;
  const plain = (record: JournalRecord): MessageFields => ({
    number: recordNumber(record),
    line: recordLine(record, names),
    type: TYPE[record.type],
    ...recordFields(record, names),
  });
  return {
    time: isoTime(step.input.timeUs),
    input: plain(step.input),
    handlers: step.calls.map(({ strategy, handler }) => `${names.strategies[strategy]}.${handler}`),
    outputs: step.outputs.map(plain),
  };
}

/** Fields in which two records in the same place say something else, where the records themselves correspond. */
function differingFields(recorded: Step | null, modelled: Step | null, names: RunNames) {
  if (recorded === null || modelled === null) return [];
  const [ours, theirs] = [recorded, modelled].map(({ input, outputs }) => [input, ...outputs]);
  return ours.flatMap((record, index) => {
    const other = theirs[index];
    if (other?.type !== record.type) return [];
    const [was, is] = [record, other].map((each) => ({ time: isoTime(each.timeUs), ...recordFields(each, names) }));
    return Object.keys(was)
      .map((name) => ({ record: recordNumber(record), name, recorded: shown(was, name), modelled: shown(is, name) }))
      .filter((field) => field.recorded !== field.modelled);
  });
}

const shown = (fields: MessageFields, name: string): string =>
  typeof fields[name] === "object" ? JSON.stringify(fields[name]) : String(fields[name]);

/** Why they part, most telling first. */
function causes(
  recorded: Step | null,
  modelled: Step | null,
  engine: Engine,
  changes: readonly Change[],
  isLive: boolean,
): string[] {
  const denied = newDenials(modelled, recorded).map(
    (each) => `modelled: order ${each.orderId} is ${gate(each, engine)}`,
  );
  const passed = newDenials(recorded, modelled).map(
    (each) => `recorded: order ${each.orderId} was ${gate(each, engine)}`,
  );
  const isSameInput =
    recorded?.input.type === modelled?.input.type && recorded?.input.timeUs === modelled?.input.timeUs;
  const venue = isSameInput ? [] : [isLive ? VENUE_REAL : VENUE_OTHER];
  const told = changes.map(
    ({ strategy, what, was, is }) => `${what}${strategy === null ? "" : ` of ${strategy}`}: ${was} → ${is}`,
  );
  const all = [...denied, ...passed, ...venue, ...told];
  return all.length > 0 ? all : ["nothing was changed: see the notes for code or a build that is another"];
}

const VENUE_REAL =
  "the recorded orders met the real venue, the modelled ones a simulated one: it answers in its own way";
const VENUE_OTHER = "the simulated venue answered in another way, or at another moment";

function newDenials(of: Step | null, other: Step | null): GateDecision[] {
  const isDenied = ({ denyReason }: GateDecision): boolean => denyReason !== DenyReason.None;
  const known = new Set((other?.decisions ?? []).filter(isDenied).map(({ orderId }) => orderId));
  return (of?.decisions ?? []).filter((each) => isDenied(each) && !known.has(each.orderId));
}

const gate = (decision: GateDecision, { instruments }: Engine): string =>
  gateText(decision, instruments[decision.numbers.instrument]);
