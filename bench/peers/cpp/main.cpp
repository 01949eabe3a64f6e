// The C++ peer: reads one command a line, `<lane> <milliseconds>` or `lanes`, and answers each with one line of JSON.
// Between two commands it sleeps in the read; the end of its input ends it.
#include <cctype>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include "lanes.hpp"

using Lane = std::string (*)(const std::string& lane, double milliseconds);

constexpr double MILLISECONDS_MAX = 60'000;

static const std::map<std::string, Lane> LANES = {
    {"raw-rtt", raw_round_trip},
    {"rigtorp-rtt", ring_round_trip},
    {"rigtorp-stream", ring_stream},
};

static std::string lanes_line() {
  std::string names;
  for (const auto& [name, lane] : LANES) names += (names.empty() ? "\"" : ",\"") + name + "\"";
  const std::string version = "\"compiler\":\"gcc " __VERSION__ "\",\"ring\":\"own, after rigtorp\"";
  return "{\"lanes\":[" + names + "],\"version\":{" + version + "}}";
}

// Input as it may stand inside a JSON string: whatever is no part of a lane's name becomes a question mark.
static std::string quotable(std::string text) {
  for (char& each : text) {
    if (std::isalnum(static_cast<unsigned char>(each)) == 0 && each != '-' && each != '.') each = '?';
  }
  return text.substr(0, 40);
}

static std::string answer(const std::string& command) {
  std::istringstream words(command);
  std::string name;
  double milliseconds = 0;
  words >> name;
  if (name == "lanes") return lanes_line();
  const auto found = LANES.find(name);
  if (found == LANES.end()) return error_line("no such lane, was " + quotable(name) + ": ask for lanes");
  if (!(words >> milliseconds) || milliseconds <= 0 || milliseconds > MILLISECONDS_MAX) {
    return error_line("milliseconds are a number above 0 and at most 60000, was " + quotable(command));
  }
  return found->second(name, milliseconds);
}

int main() {
  std::ios::sync_with_stdio(false);
  for (std::string line; std::getline(std::cin, line);) std::cout << answer(line) << std::endl;
}
