/**
 * How Sluice's own QuestDB server is configured: reachable from this machine only, no telemetry, no ports but HTTP and
 * PostgreSQL's, no table or column made by a typing error. Settings travel as environment variables, which win over the
 * data directory's conf/server.conf; what a user adds there stays in force unless it contradicts these.
 */
export interface Bindings {
  /** address:port of HTTP; port 0 lets the server choose. */
  readonly http: string;
  /** address:port of the PostgreSQL protocol; port 0 lets the server choose. */
  readonly postgres: string;
}

const FIXED: Readonly<Record<string, string>> = {
  "line.tcp.enabled": "false",
  "http.min.enabled": "false",
  "telemetry.enabled": "false",
  "line.auto.create.new.tables": "false",
  "line.auto.create.new.columns": "false",
  // The default level logs every statement: a log that outgrows the data it speaks of within weeks.
  "log.w.stdout.level": "ERROR,CRITICAL,ADVISORY",
};

/** Without these every open table preallocates 16 MB a column, which a test directory cannot afford. */
const SMALL_PAGES: Readonly<Record<string, string>> = {
  "cairo.writer.data.append.page.size": "256k",
  "cairo.writer.data.index.value.append.page.size": "64k",
  "cairo.writer.data.index.key.append.page.size": "64k",
  "cairo.wal.writer.data.append.page.size": "256k",
  "cairo.o3.column.memory.size": "256k",
  "cairo.wal.purge.interval": "5s",
};

/** The settings as the environment variables QuestDB reads: `http.net.bind.to` is QDB_HTTP_NET_BIND_TO. */
export function serverEnvironment(bindings: Bindings, smallPages: boolean): Record<string, string> {
  const settings = {
    ...FIXED,
    ...(smallPages ? SMALL_PAGES : {}),
    "http.net.bind.to": bindings.http,
    "pg.net.bind.to": bindings.postgres,
  };
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [`QDB_${key.toUpperCase().replaceAll(".", "_")}`, value]),
  );
}
