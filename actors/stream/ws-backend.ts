/** The stream's backend on node:http and the package ws, for every Node for which uWebSockets.js has no binary. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
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
} from "./backend.js";
import { CloseCode, STREAM_PATH } from "./protocol.js";

export const wsBackend: StreamBackend = { name: "ws", listen };

async function listen<Hello, Client>(
  host: string,
  port: number,
  handlers: BackendHandlers<Hello, Client>,
): Promise<Listening> {
  const http = createServer((request, response) => {
    const { status, type, body } = handlers.onRequest(request.method ?? "", pathOf(request));
    const [code, ...words] = status.split(" ");
    response.writeHead(Number(code), words.join(" "), headersOf(type, body)).end(body);
  });
  let chosen = "";
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES_LIMIT,
    perMessageDeflate: false,
    handleProtocols: () => chosen || false,
  });
  http.on("upgrade", (request, socket: Socket, head) => {
    const answer =
      pathOf(request) === STREAM_PATH
        ? handlers.onUpgrade(upgradeOf(request))
        : handlers.onRequest("GET", pathOf(request));
    if (isReply(answer)) return refuse(socket, answer);
    chosen = answer.protocol;
    // Synchronous up to the callback, so `chosen` is this request's.
    sockets.handleUpgrade(request, socket, head, (ws) => {
      sockets.emit("connection", ws, request);
      attach(ws, socket, answer.hello, handlers);
    });
  });
  await bind(http, host, port);
  const heartbeat = keepAlive(sockets);
  return { port: (http.address() as AddressInfo).port, close: () => close(http, sockets, heartbeat) };
}

function attach<Hello, Client>(
  ws: WebSocket,
  socket: Socket,
  hello: Hello,
  handlers: BackendHandlers<Hello, Client>,
): void {
  // The close that follows says all there is to say about a broken socket.
  ws.on("error", () => {});
  const client = handlers.onOpen(new WsSocket(ws, socket), hello);
  ws.on("message", (data, isBinary) => {
    const bytes = data as Buffer;
    handlers.onMessage(client, isBinary ? null : bytes.toString(), bytes.length);
  });
  ws.on("close", () => handlers.onClose(client));
}

class WsSocket implements ClientSocket {
  private readonly ws: WebSocket;
  private readonly socket: Socket;

  constructor(ws: WebSocket, socket: Socket) {
    this.ws = ws;
    this.socket = socket;
  }

  get bufferedBytes(): number {
    return this.ws.bufferedAmount;
  }

  send(frame: string | Uint8Array<ArrayBuffer>): void {
    if (this.ws.readyState === this.ws.OPEN) this.ws.send(frame);
  }

  cork(write: () => void): void {
    this.socket.cork();
    write();
    this.socket.uncork();
  }

  close(code: number, reason: string): void {
    this.ws.close(code, reason);
  }

  terminate(): void {
    this.ws.terminate();
  }
}

/** Pings every client; one that did not answer the ping before is gone. */
function keepAlive(sockets: WebSocketServer): NodeJS.Timeout {
  const silent = new WeakSet<WebSocket>();
  sockets.on("connection", (ws: WebSocket) => ws.on("pong", () => silent.delete(ws)));
  const beat = (ws: WebSocket): void => {
    if (silent.has(ws)) {
      ws.terminate();
      return;
    }
    silent.add(ws);
    ws.ping();
  };
  return setInterval(() => sockets.clients.forEach(beat), (IDLE_SECONDS / 2) * 1000).unref();
}

function bind(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error.code, host, port)));
    http.listen(port, host, resolve);
  });
}

async function close(http: Server, sockets: WebSocketServer, heartbeat: NodeJS.Timeout): Promise<void> {
  clearInterval(heartbeat);
  for (const ws of sockets.clients) ws.close(CloseCode.goingAway, "the server stops");
  const closed = new Promise<void>((resolve) => http.close(() => resolve()));
  await new Promise((resolve) => setImmediate(resolve));
  for (const ws of sockets.clients) ws.terminate();
  http.closeAllConnections();
  await closed;
}

function refuse(socket: Socket, { status, type, body }: HttpReply): void {
  const headers = Object.entries({ ...headersOf(type, body), connection: "close" });
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  socket.on("error", () => {});
  socket.end(`HTTP/1.1 ${[status, ...lines].join("\r\n")}\r\n\r\n${body}`);
}

const headersOf = (type: string, body: string) => ({
  "content-type": type,
  "cache-control": "no-store",
  "content-length": Buffer.byteLength(body),
});

const pathOf = ({ url = "/" }: IncomingMessage): string => url.split("?", 1)[0];

function upgradeOf({ url = "", headers }: IncomingMessage) {
  const query = url.slice(STREAM_PATH.length + 1);
  const offered = headers["sec-websocket-protocol"] ?? "";
  return {
    query,
    origin: headers.origin ?? "",
    protocols: offered
      .split(",")
      .map((name) => name.trim())
      .filter(Boolean),
  };
}
