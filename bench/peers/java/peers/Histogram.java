package peers;

/**
 * Durations in nanoseconds, counted in 256 linear steps an octave: a percentile is within 0.2 % of the value it stands
 * for, and the greatest value is exact. All memory is taken when it is made; recording allocates nothing.
 */
final class Histogram {
  private static final int STEP_BITS = 8;
  private static final int STEPS = 1 << STEP_BITS;
  private static final long VALUE_MAX = (1L << 40) - 1;

  private final int[] counts = new int[indexOf(VALUE_MAX) + 1];
  private long count;
  private long maxNs;

  void record(long valueNs) {
    counts[indexOf(Math.min(valueNs, VALUE_MAX))]++;
    count++;
    maxNs = Math.max(maxNs, valueNs);
  }

  long maxNs() {
    return maxNs;
  }

  /** The value that {@code fraction} of all values do not pass; 0 when nothing was recorded. */
  double valueAt(double fraction) {
    final long rank = Math.max(1, (long) Math.ceil(fraction * count));
    long seen = 0;
    for (int index = 0; index < counts.length; index++) {
      seen += counts[index];
      if (seen >= rank) {
        return middleOf(index);
      }
    }
    return 0;
  }

  /** Values below two octaves of steps stand for themselves; above, the leading nine bits choose the step. */
  private static int indexOf(long value) {
    final int width = Long.SIZE - Long.numberOfLeadingZeros(value);
    final int shift = Math.max(0, width - (STEP_BITS + 1));
    return (shift << STEP_BITS) + (int) (value >>> shift);
  }

  private static double middleOf(int index) {
    if (index < 2 * STEPS) {
      return index;
    }
    final int shift = (index >>> STEP_BITS) - 1;
    final long low = (long) (STEPS + (index & (STEPS - 1))) << shift;
    return low + ((1L << shift) - 1) / 2.0;
  }
}
