/**
 * Text in the trailing byte vector of a message (configuration, reasons, log lines). Not for the hot path: it
 * allocates.
 */
import { type MessageViews, padTo8 } from "./views.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false });

export const encodeText = (text: string): Uint8Array => encoder.encode(text);

/** Bytes that a message with `prefixBytes` of constant prefix and `textBytes` of text takes, padding included. */
export const textMessageBytes = (prefixBytes: number, textBytes: number): number => padTo8(prefixBytes + textBytes);

/** Writes `text` behind its count and zeroes the padding, so that equal messages have equal bytes. */
export function writeText(views: MessageViews, countAt: number, text: Uint8Array): void {
  views.u32[countAt >> 2] = text.length;
  const start = countAt + 4;
  views.u8.set(text, start);
  views.u8.fill(0, start + text.length, padTo8(start + text.length));
}

/** Reads the text whose count stands at `countAt`. Bytes are copied first: decoders refuse shared memory. */
export function readText(views: MessageViews, countAt: number): string {
  const start = countAt + 4;
  return decoder.decode(views.u8.slice(start, start + views.u32[countAt >> 2]));
}
