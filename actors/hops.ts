/** The stretches of a message's way whose latency is measured, in the order in which it passes them. */
export const HOPS = ["socket→decode", "decode→engine", "engine", "tick→order", "tick→durable"] as const;
export type Hop = (typeof HOPS)[number];
