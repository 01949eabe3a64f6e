/** Reads the body of an HTTP request as text, up to a limit; what is longer, or breaks off, is no body. */
import type { IncomingMessage } from "node:http";

/** The body, or undefined when it is longer than `mostBytes` or the client went away. Never rejects. */
export async function bodyOf(request: IncomingMessage, mostBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > mostBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString();
  } catch {
    return undefined;
  }
}
