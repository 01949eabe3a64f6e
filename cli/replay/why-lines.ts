/** The chain of an order's causes as a tree for a terminal: a branch for each input, below it what it caused. */
import type { MessageFields } from "../../actors/stream/message-fields.js";
import type { JournalRecord } from "../../research/replay/journal-records.js";
import { MessageType } from "../../schemas/index.js";
import { gateText } from "./gate-words.js";
import { clockTime, deltaText, isoTime } from "./moments.js";
import { type OrderFacts, ownOutputs } from "./order-facts.js";
import { orderOf } from "./order-moments.js";
import { recordFields } from "./record-fields.js";
import { order, recordLine, recordNumber } from "./record-line.js";
import type { ChainLink } from "./why-chain.js";

export function whyLines(facts: OrderFacts, chain: readonly ChainLink[]): string[] {
  const { orderId, venueText, fields } = facts;
  const startUs = chain[0].input.timeUs;
  const text = venueText === null ? "" : ` (${venueText} at the venue)`;
  const lines = [
    `order ${orderId}${text} of ${fields.strategy}: ${order(fields)}`,
    `${fields.status}, filled ${fields.filledQty} of ${fields.qty}; it begins at ${isoTime(startUs)}`,
  ];
  chain.forEach((link, index) => {
    const { input, names } = link;
    const isLast = index === chain.length - 1;
    const when = index === 0 ? clockTime(input.timeUs) : deltaText(input.timeUs - startUs);
    lines.push(`${isLast ? "└─" : "├─"} ${recordNumber(input)}  ${when}  ${recordLine(input, names)}`);
    const twigs = twigsOf(link, facts);
    twigs.forEach((twig, at) => {
      lines.push(`${isLast ? "   " : "│  "}${at === twigs.length - 1 ? "└─" : "├─"} ${twig}`);
    });
  });
  return lines;
}

function twigsOf(link: ChainLink, facts: OrderFacts): string[] {
  const { input, names, decision } = link;
  const fields = recordFields(input, names);
  const twigs = link.isDecision ? [`fields: ${fieldsText(fields)}`] : [];
  const way = wayText(input, fields);
  if (way !== null) twigs.push(way);
  if (link.isDecision) twigs.push(causeText(link, fields, facts));
  let isBorn = false;
  for (const record of ownOutputs(link, facts)) {
    if (decision !== null && !isBorn && orderOf(record) === facts.orderId) {
      isBorn = true;
      twigs.push(`risk gate: ${gateText(decision, names.instruments[decision.numbers.instrument])}`);
    }
    twigs.push(`${recordNumber(record)}  ${recordLine(record, names)}`);
  }
  return twigs;
}

/** Beyond this the venue's clock is another than ours: that of a recorded market. */
const CLOCK_APART_US = 60_000_000;

function venueText(venueUs: number | undefined, receivedUs: number): string {
  const received = `received ${clockTime(receivedUs)}`;
  if (venueUs === undefined) return received;
  if (Math.abs(receivedUs - venueUs) > CLOCK_APART_US)
    return `venue, by its own clock, ${isoTime(venueUs)} → ${received}`;
  return `venue ${clockTime(venueUs)} → ${received} (${deltaText(receivedUs - venueUs)})`;
}

/** From the venue's clock to the engine's. */
function wayText({ type, timeUs }: JournalRecord, fields: MessageFields): string | null {
  const { venueTimeUs, receiveTimeUs, decodeNs } = fields as Readonly<Record<string, number | undefined>>;
  if (receiveTimeUs !== undefined) {
    return (
      `${venueText(venueTimeUs, receiveTimeUs)} → decoded, in the ring ${deltaText((decodeNs ?? 0) / 1_000)} → ` +
      `engine time ${clockTime(timeUs)} (${deltaText(timeUs - receiveTimeUs)})`
    );
  }
  const isReport = type === MessageType.OrderReport || type === MessageType.FillReport;
  if (!isReport || venueTimeUs === undefined) return null;
  return `venue ${clockTime(venueTimeUs)} → here ${deltaText(timeUs - venueTimeUs)}`;
}

function causeText({ call, names }: ChainLink, fields: MessageFields, { orderId }: OrderFacts): string {
  if (call === null) return "no handler is known to have acted: the engine itself, or see the notes";
  const who = `${names.strategies[call.strategy]}.${call.handler}`;
  if (call.timer !== null) {
    const { name, dueUs } = call.timer;
    return `${who} for its timer ${name}, due ${isoTime(dueUs)}; this input was the first past it`;
  }
  const other = Number(fields.orderId);
  return other > 0 && other !== orderId
    ? `${who} acted on order ${other}; --why ${other} tells of that one`
    : `${who} acted`;
}

const FIELD_TEXT_MAX = 120;

/** Every field, long lists cut. */
function fieldsText(fields: MessageFields): string {
  const texts = Object.entries(fields).map(([key, value]) => {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return `${key} ${text.length > FIELD_TEXT_MAX ? `${text.slice(0, FIELD_TEXT_MAX)}…` : text}`;
  });
  return texts.length === 0 ? "none" : texts.join(", ");
}
