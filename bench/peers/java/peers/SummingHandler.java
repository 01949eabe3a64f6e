package peers;

import com.lmax.disruptor.EventHandler;

/**
 * Reads all of every event and counts batches. All lanes but the round trip use this one class, so that the call in the
 * Disruptor's loop never has more than two targets and stays compiled inline.
 */
final class SummingHandler implements EventHandler<Message> {
  private long checksum;
  private long batches;

  @Override
  public void onEvent(Message event, long sequence, boolean endOfBatch) {
    checksum += event.sum();
    if (endOfBatch) {
      batches++;
    }
  }

  /** Of everything handled; to be read after the handler's thread has ended. */
  long checksum() {
    return checksum;
  }

  long batches() {
    return batches;
  }
}
