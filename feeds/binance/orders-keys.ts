/**
 * The keys of an account, held so that they show up nowhere by accident: printed, logged or turned into JSON they are
 * "[redacted]". Only who asks for them by name gets them.
 */
export interface KeyText {
  readonly apiKey: string;
  readonly secret: string;
}

const REDACTED = "[redacted]";

export class AccountKeys {
  readonly #text: KeyText;

  constructor({ apiKey, secret }: KeyText) {
    this.#text = { apiKey, secret };
  }

  reveal(): KeyText {
    return this.#text;
  }

  toJSON(): string {
    return REDACTED;
  }

  toString(): string {
    return REDACTED;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return REDACTED;
  }
}
