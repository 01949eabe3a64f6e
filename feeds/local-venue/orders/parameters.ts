/**
 * The parameters of one request, read by name with Binance's words for what is missing or malformed. It remembers what
 * was read, so that a parameter nobody read, such as the stop price of an order type the venue does not have, is
 * refused and not passed over.
 */
import { parseAmount } from "./amount.js";
import { illegal, missing, Refusal } from "./refusal.js";

const INTEGER = "^[0-9]{1,20}$";
const DECIMAL = "^([0-9]{1,20})(\\.[0-9]{1,20})?$";
const CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$";
const SYMBOL = "^[A-Z0-9-_.]{1,20}$";

export class Parameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #read = new Set<string>();

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Parameters of query strings or form bodies. Throws a Refusal when a name comes twice. */
  static fromText(...texts: readonly string[]): Parameters {
    const values = new Map<string, string>();
    for (const [name, value] of texts.flatMap((text) => [...new URLSearchParams(text)])) {
      if (values.has(name)) throw new Refusal(-1101, "Duplicate values for a parameter detected.");
      values.set(name, value);
    }
    return new Parameters(values);
  }

  has(name: string): boolean {
    return (this.#values.get(name) ?? "") !== "";
  }

  text(name: string): string | undefined {
    this.#read.add(name);
    return this.has(name) ? this.#values.get(name) : undefined;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw missing(name);
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.matching(name, INTEGER);
    if (value === undefined) return undefined;
    if (!Number.isSafeInteger(Number(value))) throw new Refusal(-1108, `Parameter '${name}' overflowed.`);
    return Number(value);
  }

  decimal(name: string): bigint {
    if (!this.has(name)) throw missing(name);
    const amount = parseAmount(this.matching(name, DECIMAL)!);
    if (amount === undefined) throw new Refusal(-1111, `Parameter '${name}' has too much precision.`);
    return amount;
  }

  /** One of the words, or undefined when the parameter was not sent. */
  word<Word extends string>(name: string, words: readonly Word[], otherwise: Refusal): Word | undefined {
    const value = this.text(name);
    if (value !== undefined && !(words as readonly string[]).includes(value)) throw otherwise;
    return value as Word | undefined;
  }

  clientId(name: string): string | undefined {
    return this.matching(name, CLIENT_ID);
  }

  /** A symbol of the venue; `symbols` are those it has. */
  symbol(symbols: readonly string[]): string {
    if (!this.has("symbol")) throw missing("symbol");
    const symbol = this.matching("symbol", SYMBOL)!;
    if (!symbols.includes(symbol)) throw new Refusal(-1121, "Invalid symbol.");
    return symbol;
  }

  /** Throws the Refusal of a parameter that makes no sense beside the others. */
  refuse(name: string): void {
    if (this.has(name)) throw new Refusal(-1106, `Parameter '${name}' sent when not required.`);
  }

  /** Throws a Refusal when something was sent that nobody read. */
  finish(): void {
    const [read, sent] = [[...this.#values.keys()].filter((name) => this.#read.has(name)).length, this.#values.size];
    if (read === sent) return;
    const counts = `read '${read}' parameter(s) but was sent '${sent}'.`;
    throw new Refusal(-1104, `Not all sent parameters were read; ${counts}`);
  }

  /** Every parameter, for the signature. */
  entries(): readonly (readonly [string, string])[] {
    return [...this.#values];
  }

  private matching(name: string, range: string): string | undefined {
    const value = this.text(name);
    if (value !== undefined && !new RegExp(range).test(value)) throw illegal(name, range);
    return value;
  }
}
