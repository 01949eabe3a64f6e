/**
 * One sender of rows to a QuestDB server: QuestDB's own client over HTTP, with a deadline of ours around each flush.
 * Whoever flushes waits for the end before the next row. After a failure the sender is of no more use, for the client
 * has lost its rows: close it and make another. Nothing is sent again behind the back of the caller, who knows what is
 * confirmed.
 */
import { Agent } from "node:http";
import { Sender, SenderOptions } from "@questdb/nodejs-client";
import { ConfigError } from "../../engine/index.js";
import type { RowSink } from "./rows.js";
import type { TableName } from "./tables.js";

const FLUSH_DEADLINE_MS = 10_000;

/** A value that a table would silently store as null or as another number. */
class UnstorableValue extends Error {
  override readonly name = "UnstorableValue";
}

/** The rows were not acknowledged; they may be there all the same. */
export class FlushFailed extends Error {
  override readonly name = "FlushFailed";
  /** The server is there and does not want them. */
  readonly isRefusal: boolean;

  constructor(url: string, cause: unknown) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).replace(/, error=$/, "");
    super(`QuestDB at ${url} did not take a batch of rows: ${reason}`, { cause });
    this.isRefusal = /statusCode=4\d\d/.test(reason);
  }
}

export class QuestdbSender implements RowSink {
  /** Rows that wait for the flush. */
  rows = 0;
  private readonly url: string;
  private readonly deadlineMs: number;
  /** Ours, so that closing it ends a request that nobody answers. */
  private readonly connection = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly client: Sender;

  /** `url` is the server's base address, such as http://127.0.0.1:9000. */
  constructor(url: string, { deadlineMs = FLUSH_DEADLINE_MS }: { deadlineMs?: number } = {}) {
    this.url = url;
    this.deadlineMs = deadlineMs;
    // retry_timeout=0: the client would hide an outage while it lasts. The protocol's version is told, not asked.
    const settings = `protocol_version=2;stdlib_http=on;auto_flush=off;retry_timeout=0;request_timeout=${deadlineMs};`;
    const options = new SenderOptions(`http::addr=${new URL(url).host};${settings}`, {
      agent: this.connection,
      log: () => {},
    });
    this.client = new Sender(options);
  }

  begin(table: TableName): this {
    this.client.table(table);
    return this;
  }

  symbol(column: string, value: string): this {
    this.client.symbol(column, value);
    return this;
  }

  text(column: string, value: string): this {
    this.client.stringColumn(column, value);
    return this;
  }

  double(column: string, value: number): this {
    if (!Number.isFinite(value)) throw new UnstorableValue(`${column} is not a finite number (was ${value})`);
    this.client.floatColumn(column, value);
    return this;
  }

  long(column: string, value: number): this {
    this.client.intColumn(column, requireWhole(column, value));
    return this;
  }

  time(column: string, valueUs: number): this {
    this.client.timestampColumn(column, requireWhole(column, valueUs), "us");
    return this;
  }

  /** The client's promise stands for a flush of its own, which is off: with a checked time it cannot fail. */
  end(timeUs: number): void {
    if (timeUs < 0) throw new UnstorableValue(`ts is before 1970 (was ${timeUs} µs)`);
    void this.client.at(requireWhole("ts", timeUs), "us");
    this.rows += 1;
  }

  /** Settles when the server has acknowledged all rows. Throws FlushFailed. */
  async flush(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${this.deadlineMs} ms`)), this.deadlineMs);
    });
    try {
      await Promise.race([this.client.flush(), deadline]);
      this.rows = 0;
    } catch (error) {
      throw new FlushFailed(this.url, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection, and with it a flush that is under way. */
  close(): void {
    this.connection.destroy();
  }
}

/** Throws ConfigError for an address to which rows cannot be sent. */
export function requireStoreUrl(url: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "none";
  if (protocol !== "http:") {
    throw new ConfigError(
      `QuestDB's address must look like http://127.0.0.1:9000, was "${url}"; TLS needs a local proxy`,
    );
  }
}

function requireWhole(column: string, value: number): number {
  if (!Number.isSafeInteger(value))
    throw new UnstorableValue(`${column} is not a whole number below 2^53 (was ${value})`);
  return value;
}
