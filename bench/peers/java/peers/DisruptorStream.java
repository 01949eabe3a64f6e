package peers;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.WaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Events published one by one, by one thread or several, into handlers in some topology. A message's number is its
 * sequence, so that several publishers together send the same messages as one. Every handler reads every message.
 */
final class DisruptorStream implements Lane {
  private static final int MESSAGES_BETWEEN_CLOCKS = 1024;

  private final int publishers;
  private final int handlers;
  private final int ringMessages;
  private final Supplier<WaitStrategy> waiting;
  private final BiConsumer<Disruptor<Message>, SummingHandler[]> topology;

  /** {@code topology} joins so many handlers. Two threads are pinned; more are left to the scheduler. */
  DisruptorStream(int publishers, int handlers, int ringMessages, Supplier<WaitStrategy> waiting,
      BiConsumer<Disruptor<Message>, SummingHandler[]> topology) {
    this.publishers = publishers;
    this.handlers = handlers;
    this.ringMessages = ringMessages;
    this.waiting = waiting;
    this.topology = topology;
  }

  @Override
  public String run(String name, long timeNs) throws Exception {
    final boolean pair = publishers + handlers == 2;
    final Threads threads = new Threads(publishers + handlers);
    final Disruptor<Message> disruptor = new Disruptor<>(Message::new, ringMessages,
        threads.factoryOn(pair ? 1 : Threads.ANY_CORE),
        publishers == 1 ? ProducerType.SINGLE : ProducerType.MULTI, waiting.get());
    final SummingHandler[] all = new SummingHandler[handlers];
    for (int i = 0; i < handlers; i++) {
      all[i] = new SummingHandler();
    }
    topology.accept(disruptor, all);
    disruptor.start();

    final Publisher[] publishing = new Publisher[publishers];
    final AtomicInteger running = new AtomicInteger(publishers);
    for (int i = 0; i < publishers; i++) {
      publishing[i] = new Publisher(disruptor, timeNs, running);
      threads.start(pair ? 0 : Threads.ANY_CORE, publishing[i]);
    }
    threads.join();
    return line(name, disruptor.getCursor() + 1, secondsOf(publishing), threads.pinned(), all);
  }

  /** From the first start to the last end. */
  private static double secondsOf(Publisher[] publishing) {
    final long origin = publishing[0].startNs;
    long start = 0;
    long end = 0;
    for (Publisher each : publishing) {
      start = Math.min(start, each.startNs - origin);
      end = Math.max(end, each.endNs - origin);
    }
    return (end - start) / 1e9;
  }

  private static String line(String name, long messages, double seconds, boolean pinned, SummingHandler[] all) {
    for (SummingHandler each : all) {
      if (each.checksum() != all[0].checksum()) {
        return Answer.error(name + ": two handlers found different checksums");
      }
    }
    final SummingHandler last = all[all.length - 1];
    return Answer.stream(name, messages, last.checksum(), seconds, pinned, last.batches());
  }

  /** Publishes for its time, waits until its last event is handled by all, and when it is the last to end, halts. */
  private static final class Publisher implements Runnable {
    private final Disruptor<Message> disruptor;
    private final RingBuffer<Message> ring;
    private final long timeNs;
    private final AtomicInteger running;
    private long startNs;
    private long endNs;

    Publisher(Disruptor<Message> disruptor, long timeNs, AtomicInteger running) {
      this.disruptor = disruptor;
      this.ring = disruptor.getRingBuffer();
      this.timeNs = timeNs;
      this.running = running;
    }

    @Override
    public void run() {
      startNs = System.nanoTime();
      long last;
      do {
        last = publishSome();
      } while (System.nanoTime() - startNs < timeNs);
      while (ring.getMinimumGatingSequence() < last) {
        Thread.yield();
      }
      endNs = System.nanoTime();
      if (running.decrementAndGet() == 0) {
        disruptor.halt();
      }
    }

    private long publishSome() {
      long slot = -1;
      for (int i = 0; i < MESSAGES_BETWEEN_CLOCKS; i++) {
        slot = ring.next();
        ring.get(slot).fill(slot);
        ring.publish(slot);
      }
      return slot;
    }
  }
}
