/** Cuts the text of a condition into its tokens. */
import { ConfigError } from "../../engine/index.js";

export interface Token {
  readonly kind: "number" | "text" | "word" | "symbol" | "end";
  /** As written; of a text, what stands between the quotes. */
  readonly text: string;
  readonly at: number;
}

const TOKEN = /\s*(?:(-?\d+(?:\.\d+)?)|"([^"]*)"|'([^']*)'|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[!<>=().[\]]))/y;

/** The last token is always `end`. Throws ConfigError at a character that begins no token. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new ConfigError(`in "${text}", at character ${startOf(text, from) + 1}: ${startFault(text, from)}`);
    const [, number, double, single, word, symbol] = match;
    const at = startOf(text, from);
    if (number !== undefined) found.push({ kind: "number", text: number, at });
    else if (word !== undefined) found.push({ kind: "word", text: word, at });
    else if (symbol !== undefined) found.push({ kind: "symbol", text: symbol, at });
    else found.push({ kind: "text", text: double ?? single, at });
  }
  return [...found, { kind: "end", text: "", at: end }];
}

const startOf = (text: string, from: number): number => from + text.slice(from).search(/\S/);

function startFault(text: string, from: number): string {
  const character = text[startOf(text, from)];
  if (character === '"' || character === "'") return "a text is not closed";
  return `"${character}" has no meaning; there are == != < <= > >= && || ! ( )`;
}
