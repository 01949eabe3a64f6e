package peers;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's one-to-one ring buffer, there and back and one way: records claimed, filled in place and committed. */
final class AgronaLanes {
  private static final int RING_BYTES = 256 * 1024;
  private static final int MESSAGE = 1;
  private static final int STOP = 2;
  private static final int READ_LIMIT = 256;
  private static final int MESSAGES_BETWEEN_CLOCKS = 1024;

  private AgronaLanes() {}

  static String roundTrip(String name, long timeNs) throws Exception {
    final OneToOneRingBuffer there = ring();
    final OneToOneRingBuffer back = ring();
    final Echo echo = new Echo(back);
    final Sum sum = new Sum();
    final RoundTrips found = new RoundTrips();

    final Threads threads = new Threads(2);
    threads.start(1, () -> {
      while (!echo.stopped) {
        if (there.read(echo, 1) == 0) {
          Thread.onSpinWait();
        }
      }
    });
    threads.start(0, () -> {
      found.time(timeNs, number -> {
        send(there, MESSAGE, number);
        final long before = sum.checksum;
        while (back.read(sum, 1) == 0) {
          Thread.onSpinWait();
        }
        return sum.checksum - before;
      });
      send(there, STOP, 0);
    });
    threads.join();
    return found.line(name, threads.pinned());
  }

  static String stream(String name, long timeNs) throws Exception {
    final OneToOneRingBuffer ring = ring();
    final AtomicLong total = new AtomicLong(-1);
    final Sum sum = new Sum();
    final long[] span = new long[2];

    final Threads threads = new Threads(2);
    threads.start(1, () -> {
      receive(ring, sum, total);
      span[1] = System.nanoTime();
    });
    threads.start(0, () -> {
      span[0] = System.nanoTime();
      total.set(sendFor(timeNs, span[0], ring));
    });
    threads.join();
    return Answer.stream(name, sum.messages, sum.checksum, (span[1] - span[0]) / 1e9, threads.pinned(), sum.batches);
  }

  private static long sendFor(long timeNs, long startNs, OneToOneRingBuffer ring) {
    long number = 0;
    do {
      for (int i = 0; i < MESSAGES_BETWEEN_CLOCKS; i++) {
        send(ring, MESSAGE, number++);
      }
    } while (System.nanoTime() - startNs < timeNs);
    return number;
  }

  private static void receive(OneToOneRingBuffer ring, Sum sum, AtomicLong total) {
    for (;;) {
      if (ring.read(sum, READ_LIMIT) > 0) {
        sum.batches++;
      } else if (sum.messages == total.get()) {
        return;
      } else {
        Thread.onSpinWait();
      }
    }
  }

  private static OneToOneRingBuffer ring() {
    final ByteBuffer bytes = ByteBuffer.allocateDirect(RING_BYTES + RingBufferDescriptor.TRAILER_LENGTH);
    return new OneToOneRingBuffer(new UnsafeBuffer(bytes));
  }

  private static void send(OneToOneRingBuffer ring, int type, long number) {
    final int offset = claim(ring, type);
    Message.fill(ring.buffer(), offset, number);
    ring.commit(offset);
  }

  private static int claim(OneToOneRingBuffer ring, int type) {
    int offset;
    while ((offset = ring.tryClaim(type, Message.BYTES)) < 0) {
      Thread.onSpinWait();
    }
    return offset;
  }

  private static final class Sum implements MessageHandler {
    private long messages;
    private long checksum;
    private long batches;

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int offset, int length) {
      checksum += Message.sum(buffer, offset);
      messages++;
    }
  }

  private static final class Echo implements MessageHandler {
    private final OneToOneRingBuffer back;
    private boolean stopped;

    Echo(OneToOneRingBuffer back) {
      this.back = back;
    }

    @Override
    public void onMessage(int type, MutableDirectBuffer buffer, int offset, int length) {
      stopped = type == STOP;
      final int answer = claim(back, type);
      Message.copy(back.buffer(), answer, buffer, offset);
      back.commit(answer);
    }
  }
}
