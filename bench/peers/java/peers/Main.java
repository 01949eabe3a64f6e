package peers;

import com.lmax.disruptor.BusySpinWaitStrategy;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Java peer: reads one command a line, {@code <lane> <milliseconds>} or {@code lanes}, and answers each with one
 * line of JSON. The first command of a lane runs it some times before, unmeasured, until it is compiled. Between two
 * commands the program sleeps in the read; the end of its input ends it.
 */
public final class Main {
  private static final double MILLISECONDS_MAX = 60_000;
  private static final Pattern JAR = Pattern.compile("([a-z-]+)-([0-9][0-9.]*)\\.jar");
  private static final int WARM_UP_RUNS = 4;
  private static final long WARM_UP_NS = TimeUnit.MILLISECONDS.toNanos(200);

  /** The greater size of the Disruptor's own performance tests: its publisher sleeps whenever the ring is full. */
  private static final int RING_MESSAGES = 64 * 1024;

  private final Map<String, Lane> lanes = new TreeMap<>();
  private final Set<String> warm = new HashSet<>();

  private Main() {
    lanes.put("agrona-rtt", AgronaLanes::roundTrip);
    lanes.put("agrona-stream", AgronaLanes::stream);
    lanes.put("disruptor-rtt", new DisruptorRoundTrip());
    lanes.put("disruptor-stream", new DisruptorStream(1, 1, RING_MESSAGES, BusySpinWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each)));
    lanes.put("disruptor-one-to-one", new DisruptorStream(1, 1, RING_MESSAGES, YieldingWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each)));
    lanes.put("disruptor-pipeline", new DisruptorStream(1, 3, RING_MESSAGES, YieldingWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each[0]).then(each[1]).then(each[2])));
    lanes.put("disruptor-sequencer", new DisruptorStream(3, 1, RING_MESSAGES, YieldingWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each)));
    lanes.put("disruptor-multicast", new DisruptorStream(1, 3, RING_MESSAGES, YieldingWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each)));
    lanes.put("disruptor-diamond", new DisruptorStream(1, 3, RING_MESSAGES, YieldingWaitStrategy::new,
        (disruptor, each) -> disruptor.handleEventsWith(each[0], each[1]).then(each[2])));
  }

  public static void main(String[] arguments) throws IOException {
    final Main program = new Main();
    final BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String line; (line = commands.readLine()) != null;) {
      System.out.println(program.answer(line));
    }
  }

  private String answer(String command) {
    final String[] words = command.strip().split("\\s+");
    if (words[0].equals("lanes")) {
      return lanesLine();
    }
    final Lane lane = lanes.get(words[0]);
    if (lane == null) {
      return Answer.error("no such lane, was " + Answer.quotable(words[0]) + ": ask for lanes");
    }
    final double milliseconds = words.length > 1 ? millisecondsOf(words[1]) : Double.NaN;
    if (!(milliseconds > 0 && milliseconds <= MILLISECONDS_MAX)) {
      return Answer.error("milliseconds are a number above 0 and at most 60000, was " + Answer.quotable(command));
    }
    return measure(words[0], lane, (long) (milliseconds * 1e6));
  }

  private String measure(String name, Lane lane, long timeNs) {
    try {
      for (int i = 0; !warm.contains(name) && i < WARM_UP_RUNS; i++) {
        lane.run(name, WARM_UP_NS);
      }
      warm.add(name);
      return lane.run(name, timeNs);
    } catch (Exception failed) {
      return Answer.error(name + ": " + Answer.quotable(String.valueOf(failed.getMessage())));
    }
  }

  private String lanesLine() {
    final String names = lanes.keySet().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(","));
    return "{\"lanes\":[" + names + "],\"version\":{" + versions() + "}}";
  }

  /** As the names of the jar files on the class path say: {@code disruptor-4.0.0.jar}. */
  private static String versions() {
    final Matcher jar = JAR.matcher(System.getProperty("java.class.path"));
    return Stream.concat(Stream.of("\"java\":\"" + System.getProperty("java.version") + "\""),
        jar.results().map(found -> "\"" + found.group(1) + "\":\"" + found.group(2) + "\""))
        .collect(Collectors.joining(","));
  }

  private static double millisecondsOf(String word) {
    try {
      return Double.parseDouble(word);
    } catch (NumberFormatException notANumber) {
      return Double.NaN;
    }
  }
}
