package peers;

import java.util.Locale;

/**
 * How a round trip is timed, whatever carries it: first blocks of 32 trips with one reading of the clock a block, which
 * the clock's own cost hardly touches; then each trip by itself, for the percentiles. The first trips are not counted.
 */
final class RoundTrips {
  /** Sends message {@code number}, awaits its echo and returns the echo's sum. */
  @FunctionalInterface
  interface Trip {
    long make(long number);
  }

  private static final int TRIPS_A_BLOCK = 32;
  private static final int UNCOUNTED_TRIPS = 50;

  private final Histogram blocks = new Histogram();
  private final Histogram trips = new Histogram();
  private long messages;
  private long checksum;
  private double seconds;

  void time(long timeNs, Trip trip) {
    for (int i = 0; i < UNCOUNTED_TRIPS; i++) {
      trip.make(i);
    }
    final long start = System.nanoTime();
    timeBlocks(start, timeNs / 2, trip);
    timeTrips(start, timeNs, trip);
    seconds = (System.nanoTime() - start) / 1e9;
  }

  private void timeBlocks(long start, long endNs, Trip trip) {
    long before = start;
    while (before - start < endNs) {
      for (int i = 0; i < TRIPS_A_BLOCK; i++) {
        checksum += trip.make(messages++);
      }
      final long after = System.nanoTime();
      blocks.record(after - before);
      before = after;
    }
  }

  private void timeTrips(long start, long endNs, Trip trip) {
    long after;
    do {
      final long before = System.nanoTime();
      checksum += trip.make(messages++);
      after = System.nanoTime();
      trips.record(after - before);
    } while (after - start < endNs);
  }

  String line(String lane, boolean pinned) {
    final String figures = String.format(Locale.ROOT,
        "\"blockP50Ns\":%.2f,\"p50Ns\":%.1f,\"p90Ns\":%.1f,"
            + "\"p99Ns\":%.1f,\"p999Ns\":%.1f,\"p9999Ns\":%.1f,\"maxNs\":%d",
        blocks.valueAt(0.5) / TRIPS_A_BLOCK, trips.valueAt(0.5), trips.valueAt(0.9), trips.valueAt(0.99),
        trips.valueAt(0.999), trips.valueAt(0.9999), trips.maxNs());
    return Answer.line(lane, messages, checksum, seconds, pinned, figures);
  }
}
