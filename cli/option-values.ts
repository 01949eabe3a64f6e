/** Reads option values; a bad one is an error that names it and what would do. */
import { InvalidArgumentError } from "commander";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function durationMs(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text);
  const ms = match ? Number(match[1]) * UNIT_MS[match[2]] : 0;
  if (!(ms > 0)) throw new InvalidArgumentError('a time is a number and ms, s, m, h or d, such as "20s".');
  return ms;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1_000)) throw new InvalidArgumentError("it must be a number above 0 and at most 1000.");
  return value;
}

export function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("it must be a whole number of 0 or more.");
  return value;
}

export function port(text: string): number {
  const value = integer(text);
  if (value > 65_535) throw new InvalidArgumentError("a port is at most 65535.");
  return value;
}

/** `key=value`, gathered; what type a value has is the strategy's to say. */
export function parameters(text: string, previous: Readonly<Record<string, string>>): Record<string, string> {
  const match = /^(\w+)=(.+)$/.exec(text);
  if (!match) throw new InvalidArgumentError("a parameter looks like fast=10.");
  return { ...previous, [match[1]]: match[2] };
}

const ACCEPTABLE = ["host", "clock"];

/** What an operator accepts; the option may be repeated. */
export function acceptable(text: string, previous: readonly string[] = []): string[] {
  if (!ACCEPTABLE.includes(text)) throw new InvalidArgumentError(`It is ${ACCEPTABLE.join(" or ")}.`);
  return [...previous, text];
}

const SIZE: Readonly<Record<string, number>> = { MiB: 1 << 20, GiB: 1 << 30, TiB: 2 ** 40 };

export function bytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(MiB|GiB|TiB)$/.exec(text);
  if (!match) throw new InvalidArgumentError('a size is a number and MiB, GiB or TiB, such as "2GiB".');
  return Math.floor(Number(match[1]) * SIZE[match[2]]);
}

export function svgPath(text: string): string {
  if (!/\.svg$/i.test(text)) throw new InvalidArgumentError("a chart is an SVG file: end its name in .svg.");
  return text;
}
