/**
 * The topics of the stream and which message belongs to which. A set of topics is a mask of bits, one for each value
 * of the schema's Topic; names are what people and JSON use. A message without a topic never reaches a client.
 */
import { assert } from "../../engine/assert.js";
import { MessageType, Topic } from "../../schemas/index.js";

export const TOPICS = ["trades", "quotes", "book", "orders", "fills", "positions", "status"] as const;
export type TopicName = (typeof TOPICS)[number];

export const ALL_TOPICS = (1 << TOPICS.length) - 1;
export const NO_TOPIC = -1;

assert(
  TOPICS.every((name, topic) => Topic[topic]?.toLowerCase() === name),
  "topic names follow the schema",
);

/** The topic of a message type, or NO_TOPIC. */
export function topicOf(type: number): number {
  switch (type) {
    case MessageType.Trade:
      return Topic.Trades;
    case MessageType.Quote:
      return Topic.Quotes;
    case MessageType.BookDelta:
    case MessageType.BookSnapshot:
      return Topic.Book;
    case MessageType.OrderEvent:
      return Topic.Orders;
    case MessageType.Fill:
      return Topic.Fills;
    case MessageType.Position:
      return Topic.Positions;
    case MessageType.FeedStatus:
    case MessageType.TradingStateEvent:
    case MessageType.StrategyLog:
    case MessageType.Config:
    case MessageType.Status:
      return Topic.Status;
    default:
      return NO_TOPIC;
  }
}

export const isTopic = (name: unknown): name is TopicName => TOPICS.includes(name as TopicName);

export const includesTopic = (mask: number, topic: number): boolean => (mask & (1 << topic)) !== 0;

/** The mask of topics named, or the sentence that says which name is wrong. */
export function maskOf(names: readonly unknown[]): number | string {
  let mask = 0;
  for (const name of names) {
    if (!isTopic(name)) return unknownTopic(name);
    mask |= 1 << TOPICS.indexOf(name);
  }
  return mask;
}

export function unknownTopic(name: unknown): string {
  const shown = typeof name === "string" ? `"${name.slice(0, 40)}"` : `of type ${typeof name}`;
  return `unknown topic ${shown}: topics are ${TOPICS.join(", ")}`;
}

/** Names of the topics in a mask, in the schema's order. */
export const namesIn = (mask: number): TopicName[] => TOPICS.filter((_, topic) => includesTopic(mask, topic));
