package peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads of one lane: a known number, which begin together when each has pinned itself to its core. After {@link
 * #join} none is left, so that between two lanes nothing of this program runs, and what they wrote is visible.
 */
final class Threads {
  static final int ANY_CORE = -1;

  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch ready;
  private final AtomicBoolean pinned = new AtomicBoolean(true);
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  Threads(int count) {
    ready = new CountDownLatch(count);
  }

  /** Whether every thread stays on the core it was given; false when one was given none. */
  boolean pinned() {
    return pinned.get();
  }

  void start(int core, Runnable task) {
    make(core, task).start();
  }

  /** For a library that makes and starts its own threads. */
  ThreadFactory factoryOn(int core) {
    return task -> make(core, task);
  }

  /** Waits for every thread; throws what one of them died of. */
  void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
    if (failure.get() != null) {
      throw new IllegalStateException(failure.get());
    }
  }

  private Thread make(int core, Runnable task) {
    final Thread thread = new Thread(() -> {
      if (core == ANY_CORE || !pinTo(core)) {
        pinned.set(false);
      }
      awaitOthers();
      task.run();
    });
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler((dead, error) -> failure.compareAndSet(null, error));
    threads.add(thread);
    return thread;
  }

  private void awaitOthers() {
    ready.countDown();
    try {
      ready.await();
    } catch (InterruptedException never) {
      throw new IllegalStateException("nobody interrupts these threads", never);
    }
  }

  /** Keeps the calling thread on one core; false where there is no Linux or no taskset. */
  private static boolean pinTo(int core) {
    try {
      final String thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
      final ProcessBuilder taskset = new ProcessBuilder("taskset", "-cp", Integer.toString(core), thread);
      taskset.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      return taskset.start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException never) {
      throw new IllegalStateException("nobody interrupts these threads", never);
    }
  }
}
