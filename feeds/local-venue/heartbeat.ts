/**
 * The venue's pings on one websocket: a client that leaves one unanswered for too long is cut off. It says nothing of
 * what else travels on the connection.
 */
import type { WebSocket } from "ws";

export interface HeartbeatLimits {
  readonly pingMs: number;
  /** How long a ping may stay unanswered. */
  readonly pongMs: number;
}

/** Pings from now on until the connection closes. */
export function startHeartbeat(socket: WebSocket, { pingMs, pongMs }: HeartbeatLimits): void {
  /** When the first ping without an answer was sent; null when all were answered. */
  let pingedAtMs: number | null = null;
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (pingedAtMs !== null && nowMs - pingedAtMs >= pongMs) socket.terminate();
    if (socket.readyState !== socket.OPEN) return;
    pingedAtMs ??= nowMs;
    socket.ping();
  }, pingMs);
  socket.on("pong", () => {
    pingedAtMs = null;
  });
  socket.on("close", () => clearInterval(timer));
}
