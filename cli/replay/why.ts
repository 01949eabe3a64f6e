/** `sluice replay --why`: the chain of causes of one order, as a small tree or as one object. */
import type { MessageFields } from "../../actors/stream/message-fields.js";
import { TYPE } from "../../actors/words.js";
import { ConfigError } from "../../engine/index.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import type { Output } from "../output.js";
import { gateText } from "./gate-words.js";
import { isoTime } from "./moments.js";
import { type Notes, notesOn, openRecords } from "./open-journal.js";
import { factsOf, type OrderFacts, ownOutputs } from "./order-facts.js";
import { OrderMoments, readOrderName } from "./order-moments.js";
import { recordFields } from "./record-fields.js";
import { type ChainLink, chainOf } from "./why-chain.js";
import { whyLines } from "./why-lines.js";

/** `asked` is our number of the order, or its text at the venue. */
export function runWhy(directory: string, asked: string, json: boolean, output: Output): void {
  const names = readOrderName(asked);
  const notes = notesOn(directory);
  const records = openRecords(directory);
  const moments = new OrderMoments(records, new Set(names.map(({ orderId }) => orderId)));
  if (records.isTorn) notes.add("the journal ends within a record that was being written; the order may have gone on");
  const facts = names.map((name) => factsOf(name, moments.of(name.orderId))).find((each) => each !== null);
  if (!facts) throw new ConfigError(`the journal holds no order ${asked}; ${extentOf(moments)}`);
  const chain = chainOf(directory, facts.orderId, moments.of(facts.orderId), notes);
  if (json) return output.json(whyReport(facts, chain, notes));
  for (const line of whyLines(facts, chain)) output.line(line);
  for (const note of notes.lines) output.line(`note: ${note}`);
}

const extentOf = ({ lastOrder }: OrderMoments): string =>
  lastOrder === 0 ? "it holds no orders at all" : `its newest is ${lastOrder}`;

export interface WhyReport {
  /** Its newest fields, in the words of the stream's JSON form. */
  readonly order: MessageFields & Pick<OrderFacts, "orderId" | "venueText">;
  readonly chain: readonly ReturnType<typeof linkReport>[];
  readonly notes: readonly string[];
}

export function whyReport(facts: OrderFacts, chain: readonly ChainLink[], notes: Notes): WhyReport {
  const { orderId, venueText, fields } = facts;
  const startUs = chain[0].input.timeUs;
  return {
    order: { ...fields, orderId, venueText },
    chain: chain.map((link) => linkReport(link, facts, startUs)),
    notes: notes.lines,
  };
}

function linkReport(link: ChainLink, facts: OrderFacts, startUs: number) {
  const { input, names, call, decision, isDecision } = link;
  const plain = (record: JournalRecord) => ({
    sequence: record.sequence,
    index: record.index,
    type: TYPE[record.type],
    ...recordFields(record, names),
  });
  return {
    sequence: input.sequence,
    time: isoTime(input.timeUs),
    timeUs: input.timeUs,
    afterUs: input.timeUs - startUs,
    input: plain(input),
    decides: isDecision,
    handler: call && { strategy: names.strategies[call.strategy], name: call.handler, timer: call.timer },
    gate: decision && { text: gateText(decision, names.instruments[decision.numbers.instrument]), ...decision.numbers },
    outputs: ownOutputs(link, facts).map(plain),
  };
}
