/**
 * The stream: one websocket endpoint that shows a run to whoever may look, and a few plain HTTP answers beside it. It
 * is read-only, it decides nothing, and it holds nothing up. A fault here is reported and never ends the engine.
 */
import type { NowUs } from "../clock.js";
import { admit, answer, type Hello, problem } from "./admission.js";
import { type BackendName, type Listening, loadBackend } from "./backend.js";
import { Hub, type Loss, type StreamClient, type StreamCounts } from "./hub.js";
import { DEFAULT_HOST, DEFAULT_PORT, STREAM_PATH } from "./protocol.js";
import type { StreamRecord } from "./record.js";
import { type StatusJson, type StreamRun, statusRecord } from "./text-message.js";

const BUFFER_BYTES_MAX = 1024 * 1024;
const CLIENTS_MAX = 256;
const STATUS_MS = 1000;

export interface StreamOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port?: number;
  /** Without a wish: uWebSockets.js where it runs, else ws. */
  readonly backend?: BackendName;
  readonly nowUs: NowUs;
  /** Figures of the moment; asked once a second. */
  readonly status: () => StatusJson;
  /** Whether the engine is warm. */
  readonly isReady: () => boolean;
  readonly onError: (error: unknown) => void;
  /** Bytes that may wait for a client that does not read. */
  readonly bufferBytesMax?: number;
  /** Between two statuses, milliseconds; 0 publishes none by itself. */
  readonly statusMs?: number;
}

export interface StreamServer {
  readonly backend: BackendName;
  readonly host: string;
  readonly port: number;
  readonly httpUrl: string;
  readonly streamUrl: string;
  readonly counts: Readonly<StreamCounts>;
  /** Names the run; until then clients wait. */
  begin(run: StreamRun): void;
  /** Takes a record of the log; its bytes may change after the call. */
  onRecord(record: StreamRecord): void;
  /** Ends a batch of records: their frames go out. */
  flush(): void;
  /** Records were lost before they could be read. */
  onLost(loss: Loss): void;
  publishStatus(): void;
  /** Ends all connections and frees the port; must be awaited before the process ends. */
  close(): Promise<void>;
}

/** Listens at once. Throws a ConfigError when the port cannot be had. */
export async function startStream(options: StreamOptions): Promise<StreamServer> {
  const { host = DEFAULT_HOST, port = DEFAULT_PORT } = options;
  const backend = await loadBackend(options.backend);
  const hub = new Hub(options.bufferBytesMax ?? BUFFER_BYTES_MAX);
  const listening = await backend.listen<Hello, StreamClient>(host, port, {
    onRequest: (method, path) => answer(method, path, options.isReady),
    onUpgrade: (request) => {
      if (hub.counts.clients < CLIENTS_MAX) return admit(request);
      return problem("503 Service Unavailable", `${CLIENTS_MAX} clients are connected: close one and try again`);
    },
    onOpen: (socket, hello) => {
      guarded(options, () => hub.flush());
      const client = hub.onOpen(socket, hello);
      guarded(options, () => hub.welcome(client));
      return client;
    },
    onMessage: (client, message, bytes) => guarded(options, () => hub.onMessage(client, message, bytes)),
    onClose: (client) => hub.onClose(client),
  });
  return new RunningStream(options, hub, backend.name, host, listening);
}

class RunningStream implements StreamServer {
  readonly backend: BackendName;
  readonly host: string;
  readonly port: number;
  readonly counts: Readonly<StreamCounts>;
  private readonly options: StreamOptions;
  private readonly hub: Hub;
  private readonly listening: Listening;
  private readonly timer: NodeJS.Timeout | undefined;
  private mode: number | null = null;

  constructor(options: StreamOptions, hub: Hub, backend: BackendName, host: string, listening: Listening) {
    this.options = options;
    this.hub = hub;
    this.backend = backend;
    this.host = host;
    this.port = listening.port;
    this.counts = hub.counts;
    this.listening = listening;
    const statusMs = options.statusMs ?? STATUS_MS;
    if (statusMs > 0) this.timer = setInterval(() => this.publishStatus(), statusMs).unref();
  }

  get httpUrl(): string {
    return `http://${this.authority}`;
  }

  get streamUrl(): string {
    return `ws://${this.authority}${STREAM_PATH}`;
  }

  begin(run: StreamRun): void {
    this.mode = run.mode;
    guarded(this.options, () => this.hub.begin(run));
  }

  /** Written out, for it is called for each record: `guarded` would make a closure every time. */
  onRecord(record: StreamRecord): void {
    try {
      this.hub.onRecord(record);
    } catch (error) {
      this.options.onError(error);
    }
  }

  flush(): void {
    guarded(this.options, () => this.hub.flush());
  }

  onLost(loss: Loss): void {
    guarded(this.options, () => this.hub.onLost(loss));
  }

  publishStatus(): void {
    const { options, hub, mode } = this;
    if (mode === null) return;
    guarded(options, () => {
      hub.onRecord(statusRecord(options.status(), mode, hub.sequence, options.nowUs()));
      hub.flush();
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.hub.close();
    await this.listening.close();
  }

  private get authority(): string {
    return `${this.host.includes(":") ? `[${this.host}]` : this.host}:${this.port}`;
  }
}

function guarded({ onError }: StreamOptions, action: () => void): void {
  try {
    action();
  } catch (error) {
    onError(error);
  }
}
