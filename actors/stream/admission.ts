/** Whether a connection is let in, what it subscribes to, and what a plain HTTP request gets. No state, no sockets. */
import type { Admission, HttpReply, UpgradeRequest } from "./backend.js";
import { BINARY_PROTOCOL, type Form, JSON_PROTOCOL, STREAM_PATH } from "./protocol.js";
import { ALL_TOPICS, maskOf, TOPICS } from "./topics.js";

export interface Hello {
  readonly form: Form;
  readonly mask: number;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

const PAGE = `Sluice stream

GET /stream   websocket, read-only: snapshot, then every change, numbered by topic
              subprotocol ${JSON_PROTOCOL} for JSON, ${BINARY_PROTOCOL} or none for FlatBuffers
              ?topics=trades,fills chooses; topics: ${TOPICS.join(", ")}
              send {"subscribe":["book"]} or {"unsubscribe":["book"]}
GET /health   200 while the process is alive
GET /ready    200 once the engine is warm, 503 before
`;

/** Admits a websocket, or says why not. */
export function admit({ query, origin, protocols }: UpgradeRequest): Admission<Hello> | HttpReply {
  if (!isLocalOrigin(origin)) {
    return problem(
      "403 Forbidden",
      `pages of ${origin.slice(0, 100)} may not read the stream: open one served from this host`,
    );
  }
  const protocol = protocols.find((name) => name === JSON_PROTOCOL || name === BINARY_PROTOCOL);
  if (protocols.length > 0 && protocol === undefined) {
    const offered = protocols.join(", ").slice(0, 100);
    return problem("400 Bad Request", `subprotocol must be ${JSON_PROTOCOL} or ${BINARY_PROTOCOL} (was ${offered})`);
  }
  const topics = new URLSearchParams(query).get("topics");
  const mask = topics === null ? ALL_TOPICS : maskOf(topics.split(",").filter(Boolean));
  if (typeof mask === "string") return problem("400 Bad Request", mask);
  return { protocol: protocol ?? "", hello: { form: protocol === JSON_PROTOCOL ? "json" : "binary", mask } };
}

export function answer(method: string, path: string, isReady: () => boolean): HttpReply {
  const known = path === "/" || path === "/health" || path === "/ready" || path === STREAM_PATH;
  if (!known) return problem("404 Not Found", `there is no ${path.slice(0, 100)} here: see /`);
  if (method !== "GET") return problem("405 Method Not Allowed", `${path} answers GET only (was ${method})`);
  if (path === "/") return { status: "200 OK", type: "text/plain; charset=utf-8", body: PAGE };
  if (path === "/health") return json("200 OK", { status: "alive" });
  if (path === STREAM_PATH)
    return problem("426 Upgrade Required", `${path} is a websocket: connect to it with a websocket client`);
  return isReady() ? json("200 OK", { status: "ready" }) : json("503 Service Unavailable", { status: "warming up" });
}

/** A browser names the page's origin; a page from elsewhere must not read a trader's stream. Programs name none. */
function isLocalOrigin(origin: string): boolean {
  if (origin === "") return true;
  return URL.canParse(origin) && LOOPBACK.has(new URL(origin).hostname);
}

export const problem = (status: string, error: string): HttpReply => json(status, { error });

const json = (status: string, body: object): HttpReply => ({
  status,
  type: "application/json",
  body: JSON.stringify(body) + "\n",
});
