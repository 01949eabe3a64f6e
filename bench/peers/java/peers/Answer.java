package peers;

import java.util.Locale;

/**
 * One line of JSON. A lane whose sum is not the closed form of its messages has lost or repeated something: it answers
 * with an error and no figures.
 */
final class Answer {
  private Answer() {}

  static String error(String text) {
    return "{\"error\":\"" + text + "\"}";
  }

  static String stream(String lane, long messages, long checksum, double seconds, boolean pinned, long batches) {
    return line(lane, messages, checksum, seconds, pinned, "\"batches\":" + batches);
  }

  static String line(String lane, long messages, long checksum, double seconds, boolean pinned, String figures) {
    final String sum = Long.toUnsignedString(checksum);
    if (checksum != Message.checksumOf(messages)) {
      return error(lane + ": the checksum of " + messages + " messages was " + sum);
    }
    return String.format(Locale.ROOT, "{\"lane\":\"%s\",\"messages\":%d,\"seconds\":%.9f,\"checksum\":\"%s\",\"pinned\":%b,%s}",
        lane, messages, seconds, sum, pinned, figures);
  }

  /** Input as it may stand inside a JSON string: whatever is no part of a lane's name becomes a question mark. */
  static String quotable(String text) {
    return text.substring(0, Math.min(text.length(), 40)).replaceAll("[^A-Za-z0-9.-]", "?");
  }
}
