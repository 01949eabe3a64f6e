/**
 * A small language for conditions over named values: comparisons, `&&`, `||`, `!`, parentheses, numbers and text.
 * Nothing is evaluated but what a vocabulary names; types are checked before anything runs.
 *
 *     or := and ("||" and)*   and := not ("&&" not)*   not := "!" not | comparison
 *     comparison := value (("==" | "!=" | "<" | "<=" | ">" | ">=") value)?
 *     value := number | "text" | true | false | name | "(" or ")"      name := word ("." word | ["key"])*
 */
import { ConfigError } from "../../engine/index.js";
import { type Token, tokens } from "./expression-tokens.js";

export type Value = number | string | boolean;
export type ValueType = "number" | "string" | "boolean";

/** A value that a condition may name; `key` is the index of the key that stood in brackets. */
export interface Name<V> {
  readonly type: ValueType;
  /** What may stand in the brackets of the name, such as `bid["BTC/USDT.BINANCE"]`. */
  readonly keys?: readonly string[];
  readonly read: (view: V, key: number) => Value;
  /** For a number that may be compared with text: the number that a text means, or null. */
  readonly fromText?: (text: string) => number | null;
}

/** By the name as written, with `[]` where a key stands. */
export type Vocabulary<V> = Readonly<Record<string, Name<V>>>;

interface Part<V> {
  readonly type: ValueType;
  readonly read: (view: V) => Value;
  readonly text?: string;
  readonly fromText?: (text: string) => number | null;
}

/** Throws ConfigError, with the place in the text and what would do. */
export function compileCondition<V>(text: string, vocabulary: Vocabulary<V>): (view: V) => boolean {
  return new Parser(text, vocabulary).condition();
}

/** Every name of a vocabulary, as it is written. */
function namesIn<V>(vocabulary: Vocabulary<V>): string {
  return Object.keys(vocabulary)
    .map((name) => name.replace("[]", '["…"]'))
    .join(", ");
}

class Parser<V> {
  private readonly text: string;
  private readonly vocabulary: Vocabulary<V>;
  private readonly tokens: readonly Token[];
  private next = 0;

  constructor(text: string, vocabulary: Vocabulary<V>) {
    this.text = text;
    this.vocabulary = vocabulary;
    this.tokens = tokens(text);
  }

  condition(): (view: V) => boolean {
    const { read } = this.logical(this.or(), "a condition");
    if (this.peek.kind !== "end") throw this.fault(this.peek, `"${this.peek.text}" does not follow here`);
    return (view) => read(view) as boolean;
  }

  private or(): Part<V> {
    let left = this.and();
    while (this.accept("||")) left = this.both(left, this.and(), (a, b) => (view) => a(view) || b(view));
    return left;
  }

  private and(): Part<V> {
    let left = this.not();
    while (this.accept("&&")) left = this.both(left, this.not(), (a, b) => (view) => a(view) && b(view));
    return left;
  }

  private not(): Part<V> {
    if (!this.accept("!")) return this.comparison();
    const { read } = this.logical(this.not(), "what ! turns around");
    return { type: "boolean", read: (view) => !read(view) };
  }

  private both(left: Part<V>, right: Part<V>, join: (a: Reader<V>, b: Reader<V>) => Reader<V>): Part<V> {
    const [a, b] = [left, right].map((part) => this.logical(part, "each side of && and ||").read);
    return { type: "boolean", read: join(a, b) };
  }

  private comparison(): Part<V> {
    const left = this.value();
    const token = this.peek;
    if (token.kind === "symbol" && token.text === "=") throw this.fault(token, "equality is written ==");
    const compare = COMPARE[token.text];
    if (token.kind !== "symbol" || compare === undefined) return left;
    this.next += 1;
    const right = this.value();
    const [a, b] = [meaning(left, right), meaning(right, left)];
    if (a === null || b === null) throw this.fault(token, `"${(left.text ?? right.text)!}" is no time`);
    if (a.type !== b.type) throw this.fault(token, `a ${a.type} cannot be compared with a ${b.type}`);
    if (a.type === "boolean" && token.text.length === 1) throw this.fault(token, "true and false have no order");
    return { type: "boolean", read: (view) => compare(a.read(view), b.read(view)) };
  }

  private value(): Part<V> {
    const token = this.peek;
    this.next += 1;
    if (token.kind === "number") return constant("number", Number(token.text));
    if (token.kind === "text") return { ...constant("string", token.text), text: token.text };
    if (token.kind === "word") return this.named(token);
    if (token.kind === "symbol" && token.text === "(") {
      const inner = this.or();
      if (!this.accept(")")) throw this.fault(this.peek, "a ) is missing");
      return inner;
    }
    throw this.fault(token, token.kind === "end" ? "something is missing at the end" : `"${token.text}" is no value`);
  }

  private named(word: Token): Part<V> {
    if (word.text === "true" || word.text === "false") return constant("boolean", word.text === "true");
    let name = word.text;
    let key: Token | null = null;
    for (;;) {
      if (this.accept(".")) name += `.${this.take("word", "a word follows the point").text}`;
      else if (this.accept("[")) {
        key = this.take("text", 'a key in quotes, such as ["BTC/USDT.BINANCE"], follows the [');
        if (!this.accept("]")) throw this.fault(this.peek, "a ] is missing");
        name += "[]";
      } else break;
    }
    return this.lookUp(word, name, key);
  }

  private lookUp(word: Token, name: string, key: Token | null): Part<V> {
    const found = Object.hasOwn(this.vocabulary, name) ? this.vocabulary[name] : undefined;
    if (!found)
      throw this.fault(word, `there is no "${name.replace("[]", '["…"]')}"; there are ${namesIn(this.vocabulary)}`);
    const { type, keys, read, fromText } = found;
    const index = key === null ? 0 : keys!.indexOf(key.text);
    if (index < 0) throw this.fault(key!, `there is no "${key!.text}" among ${keys!.join(", ")}`);
    return { type, fromText, read: (view) => read(view, index) };
  }

  private get peek(): Token {
    return this.tokens[this.next];
  }

  private accept(symbol: string): boolean {
    if (this.peek.kind !== "symbol" || this.peek.text !== symbol) return false;
    this.next += 1;
    return true;
  }

  private take(kind: Token["kind"], wanted: string): Token {
    const token = this.peek;
    if (token.kind !== kind) throw this.fault(token, wanted);
    this.next += 1;
    return token;
  }

  private logical(part: Part<V>, what: string): Part<V> {
    if (part.type === "boolean") return part;
    throw new ConfigError(`in "${this.text}": ${what} must be true or false, such as seq > 100; it is a ${part.type}`);
  }

  private fault({ at }: Token, what: string): ConfigError {
    return new ConfigError(`in "${this.text}", at character ${at + 1}: ${what}`);
  }
}

type Reader<V> = (view: V) => Value;

/** A side of a comparison; text beside a number that texts can mean becomes that number, null when it means none. */
function meaning<V>(side: Part<V>, other: Part<V>): Part<V> | null {
  if (side.text === undefined || other.fromText === undefined) return side;
  const number = other.fromText(side.text);
  return number === null ? null : constant("number", number);
}

const constant = <V>(type: ValueType, value: Value): Part<V> => ({ type, read: () => value });

/** What is not known, such as the bid of a feed that is down, is NaN: no comparison with it holds. */
const COMPARE: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b && !Number.isNaN(a) && !Number.isNaN(b),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};
