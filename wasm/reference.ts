/**
 * What the reference page says of a function, as data beside the code that it describes. The page, the help of the
 * commands and the test that runs every example are made from it; nothing that computes imports it.
 */

export interface FunctionReference {
  /** As it is called: `stats.hmm.fit`. */
  readonly name: string;
  /** One sentence. */
  readonly meaning: string;
  /** In plain text with Unicode mathematics: `α = 2 / (n + 1); yₜ = yₜ₋₁ + α (xₜ − yₜ₋₁)`. */
  readonly formula: string;
  /** Each argument, with its shape, unit and range. */
  readonly takes: Readonly<Record<string, string>>;
  /** Shape and unit of what it returns. */
  readonly returns: string;
  /** What it throws, and when. */
  readonly throws: string;
  /** JavaScript that runs as it stands after the page's imports, and ends in a `console.log`. */
  readonly example: string;
  /** Whose definition it is. */
  readonly source: string;
  /** What it was compared with; "closed form" where there is one. */
  readonly oracle: string;
}
