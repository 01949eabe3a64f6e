/**
 * A refusal as Binance words it: HTTP status, code and message. It is thrown, because it ends a request wherever it is
 * found, and is caught in one place, which turns it into the answer. A refused request has changed nothing.
 */

export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(code: number, message: string, status = 400) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** JSON. */
  get body(): string {
    return JSON.stringify({ code: this.code, msg: this.message });
  }
}

export const missing = (name: string): Refusal =>
  new Refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);

export const illegal = (name: string, range: string): Refusal =>
  new Refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);

export const filterFailure = (filter: string): Refusal => new Refusal(-1013, `Filter failure: ${filter}`);

/** The matching engine said no to a new order. */
export const rejected = (message: string): Refusal => new Refusal(-2010, message);

export const unknownOrder = (): Refusal => new Refusal(-2011, "Unknown order sent.");
