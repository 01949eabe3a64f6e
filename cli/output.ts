/** What a command says. With `--json` stdout holds one JSON value and nothing else; progress and notes go to stderr. */
export interface Output {
  line(text: string): void;
  json(value: unknown): void;
  /** A note for a person, on stderr. */
  note(text: string): void;
  readonly isTerminal: boolean;
}

export const processOutput: Output = {
  line: (text) => void process.stdout.write(`${text}\n`),
  json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
  note: (text) => void process.stderr.write(`${text}\n`),
  isTerminal: Boolean(process.stderr.isTTY),
};

export const plural = (count: number, noun: string): string =>
  `${String(count).replace(/\B(?=(\d{3})+(?!\d))/g, " ")} ${noun}${count === 1 ? "" : "s"}`;
