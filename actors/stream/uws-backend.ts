/**
 * The stream's backend on uWebSockets.js. Main thread only: ending a worker that holds an open app aborts the
 * process, so an app is always closed before the process ends. A socket of this library throws once it is closed,
 * hence the flag.
 */
import { App, type HttpRequest, type HttpResponse, us_socket_local_port, type WebSocket } from "uWebSockets.js";
import {
  type BackendHandlers,
  type ClientSocket,
  type HttpReply,
  IDLE_SECONDS,
  isReply,
  type Listening,
  listenError,
  MESSAGE_BYTES_LIMIT,
  type StreamBackend,
  whyNotListening,
} from "./backend.js";
import { CloseCode, STREAM_PATH } from "./protocol.js";

interface Attachment<Hello, Client> {
  readonly hello: Hello;
  socket: UwsSocket | null;
  client: Client | null;
}

type Ws<Hello, Client> = WebSocket<Attachment<Hello, Client>>;

export const uwsBackend: StreamBackend = { name: "uws", listen };

async function listen<Hello, Client>(
  host: string,
  port: number,
  handlers: BackendHandlers<Hello, Client>,
): Promise<Listening> {
  const app = App();
  const open = new Set<UwsSocket>();
  app.ws<Attachment<Hello, Client>>(STREAM_PATH, {
    maxPayloadLength: MESSAGE_BYTES_LIMIT,
    // The stream bounds what it sends; a limit here would drop frames without a word.
    maxBackpressure: 0,
    idleTimeout: IDLE_SECONDS,
    upgrade: (res, req, context) => {
      const answer = handlers.onUpgrade({
        query: req.getQuery() ?? "",
        origin: req.getHeader("origin"),
        protocols: splitProtocols(req.getHeader("sec-websocket-protocol")),
      });
      if (isReply(answer)) return reply(res, answer);
      const key = req.getHeader("sec-websocket-key");
      const attachment: Attachment<Hello, Client> = { hello: answer.hello, socket: null, client: null };
      res.upgrade(attachment, key, answer.protocol, req.getHeader("sec-websocket-extensions"), context);
    },
    open: (ws) => {
      const data = ws.getUserData();
      data.socket = new UwsSocket(ws as Ws<unknown, unknown>);
      open.add(data.socket);
      data.client = handlers.onOpen(data.socket, data.hello);
    },
    message: (ws, message, isBinary) => {
      const { client } = ws.getUserData();
      const text = isBinary ? null : Buffer.from(message).toString();
      if (client !== null) handlers.onMessage(client, text, message.byteLength);
    },
    close: (ws) => {
      const { socket, client } = ws.getUserData();
      if (socket === null) return;
      socket.closed = true;
      open.delete(socket);
      if (client !== null) handlers.onClose(client);
    },
  });
  app.any("/*", (res, req) => reply(res, handlers.onRequest(methodOf(req), req.getUrl())));
  return { port: await bind(app, host, port), close: () => close(app, open) };
}

async function bind(app: ReturnType<typeof App>, host: string, port: number): Promise<number> {
  let bound = 0;
  // The callback is called before listen returns.
  app.listen(host, port, (listenSocket) => {
    if (listenSocket) bound = us_socket_local_port(listenSocket);
  });
  if (bound > 0) return bound;
  app.close();
  throw listenError(await whyNotListening(host, port), host, port);
}

/** Closing the app drops its connections at once, so a turn of the loop lets the goodbyes out. */
async function close(app: ReturnType<typeof App>, open: ReadonlySet<UwsSocket>): Promise<void> {
  for (const socket of [...open]) socket.close(CloseCode.goingAway, "the server stops");
  await new Promise((resolve) => setImmediate(resolve));
  app.close();
}

class UwsSocket implements ClientSocket {
  closed = false;
  private readonly ws: Ws<unknown, unknown>;

  constructor(ws: Ws<unknown, unknown>) {
    this.ws = ws;
  }

  get bufferedBytes(): number {
    return this.closed ? 0 : this.ws.getBufferedAmount();
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (!this.closed) this.ws.send(frame, typeof frame !== "string");
  }

  cork(write: () => void): void {
    if (!this.closed) this.ws.cork(write);
  }

  close(code: number, reason: string): void {
    if (!this.closed) this.ws.end(code, reason);
  }

  terminate(): void {
    if (!this.closed) this.ws.close();
  }
}

function reply(res: HttpResponse, { status, type, body }: HttpReply): void {
  res.cork(() => {
    res.writeStatus(status).writeHeader("content-type", type).writeHeader("cache-control", "no-store").end(body);
  });
}

const methodOf = (req: HttpRequest): string => req.getMethod().toUpperCase();

export function splitProtocols(header: string): string[] {
  return header
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
