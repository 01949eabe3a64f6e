package peers;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A message of 64 bytes: word k of message i holds i + k. Every sender writes all eight words and every receiver reads
 * all eight, so that no lane is flattered by bytes that nobody touches. As an object it is an event of the Disruptor;
 * in a buffer it is eight longs.
 */
final class Message {
  static final int BYTES = 64;

  private long a, b, c, d, e, f, g, h;

  void fill(long number) {
    a = number;
    b = number + 1;
    c = number + 2;
    d = number + 3;
    e = number + 4;
    f = number + 5;
    g = number + 6;
    h = number + 7;
  }

  void copy(Message other) {
    a = other.a;
    b = other.b;
    c = other.c;
    d = other.d;
    e = other.e;
    f = other.f;
    g = other.g;
    h = other.h;
  }

  /** Sum of all words, modulo 2^64. */
  long sum() {
    return a + b + c + d + e + f + g + h;
  }

  static void fill(MutableDirectBuffer buffer, int offset, long number) {
    for (int k = 0; k < BYTES / Long.BYTES; k++) {
      buffer.putLong(offset + k * Long.BYTES, number + k);
    }
  }

  static void copy(MutableDirectBuffer to, int toOffset, DirectBuffer from, int fromOffset) {
    for (int at = 0; at < BYTES; at += Long.BYTES) {
      to.putLong(toOffset + at, from.getLong(fromOffset + at));
    }
  }

  static long sum(DirectBuffer buffer, int offset) {
    long sum = 0;
    for (int at = 0; at < BYTES; at += Long.BYTES) {
      sum += buffer.getLong(offset + at);
    }
    return sum;
  }

  /** What the words of messages 0 … count − 1 sum to, modulo 2^64: the closed form of Σ (8 i + 28). */
  static long checksumOf(long count) {
    return 4 * count * (count - 1) + 28 * count;
  }
}
