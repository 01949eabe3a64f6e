/**
 * The stretches of an order's way whose latency is measured, in the order in which it passes them, and two sums.
 *
 *     socket ─ decode ─▶ decoded ─ ring ─▶ taken ─ engine ─▶ applied
 *                                            └──── command ───▶ published ─ durable ─▶ safe ─ sent ─▶ connection
 *     └──────────────── tick-to-order ──────────────────────────┘
 *     └──────────────── tick-to-durable ────────────────────────────────────┘
 *
 * The first three are of market messages and sampled, and so is `command`, which needs the moment an input was taken.
 * `durable` and `sent` count every order, the sums every order that a market message led to. A simulated venue waits
 * for no disk: there `sent` is from the command's publication to the moment the venue took it.
 */
export const HOPS = [
  "decode",
  "ring",
  "engine",
  "command",
  "durable",
  "sent",
  "tick-to-order",
  "tick-to-durable",
] as const;
export type Hop = (typeof HOPS)[number];
