package peers;

import com.lmax.disruptor.BatchEventProcessor;
import com.lmax.disruptor.BatchEventProcessorBuilder;
import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;

/** There through one Disruptor, whose handler answers into another, which the first thread waits on. Both spin. */
final class DisruptorRoundTrip implements Lane {
  private static final int RING_MESSAGES = 4096;

  @Override
  public String run(String name, long timeNs) throws Exception {
    final RingBuffer<Message> there = ring();
    final RingBuffer<Message> back = ring();
    final BatchEventProcessor<Message> pong =
        new BatchEventProcessorBuilder().build(there, there.newBarrier(), answer(back));
    there.addGatingSequences(pong.getSequence());
    final Pinger pinger = new Pinger(there, back);
    final RoundTrips found = new RoundTrips();

    final Threads threads = new Threads(2);
    threads.start(1, pong);
    threads.start(0, () -> {
      found.time(timeNs, pinger);
      pong.halt();
    });
    threads.join();
    return found.line(name, threads.pinned());
  }

  private static RingBuffer<Message> ring() {
    return RingBuffer.createSingleProducer(Message::new, RING_MESSAGES, new BusySpinWaitStrategy());
  }

  private static EventHandler<Message> answer(RingBuffer<Message> back) {
    return (event, sequence, endOfBatch) -> {
      final long slot = back.next();
      back.get(slot).copy(event);
      back.publish(slot);
    };
  }

  private static final class Pinger implements RoundTrips.Trip {
    private final RingBuffer<Message> there;
    private final RingBuffer<Message> back;
    private final SequenceBarrier arrivals;
    private final Sequence taken = new Sequence();

    Pinger(RingBuffer<Message> there, RingBuffer<Message> back) {
      this.there = there;
      this.back = back;
      arrivals = back.newBarrier();
      back.addGatingSequences(taken);
    }

    @Override
    public long make(long number) {
      final long slot = there.next();
      there.get(slot).fill(number);
      there.publish(slot);
      return take(slot);
    }

    /** The echo has the sequence of its message: the two rings run side by side. */
    private long take(long sequence) {
      try {
        arrivals.waitFor(sequence);
      } catch (Exception never) {
        throw new IllegalStateException("a spinning wait has no timeout, and nobody alerts this barrier", never);
      }
      final long sum = back.get(sequence).sum();
      taken.set(sequence);
      return sum;
    }
  }
}
