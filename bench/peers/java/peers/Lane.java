package peers;

/** One measurement: it runs for about so many nanoseconds, all its threads ended, and returns its line of JSON. */
@FunctionalInterface
interface Lane {
  String run(String name, long timeNs) throws Exception;
}
