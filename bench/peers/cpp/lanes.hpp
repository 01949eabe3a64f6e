// The lanes of this program: the bare floor of two atomics, and the ring there and back or one way. Each takes
// milliseconds and returns its line of JSON.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>

#include "answer.hpp"
#include "message.hpp"
#include "round-trip.hpp"
#include "spsc-ring.hpp"
#include "threads.hpp"

constexpr std::size_t RING_MESSAGES = 4096;           // 256 KiB
constexpr std::uint64_t MESSAGES_BETWEEN_CLOCKS = 1024;
constexpr std::uint64_t STOP = std::numeric_limits<std::uint64_t>::max();

// One word there, one word back. Its sum is that of the messages whose numbers it carried, so that all lanes compare.
inline std::string raw_round_trip(const std::string& lane, double milliseconds) {
  struct Words {
    alignas(128) std::atomic<std::uint64_t> there{0};
    alignas(128) std::atomic<std::uint64_t> back{0};
  };
  auto words = std::make_unique<Words>();
  RoundTrips found;

  auto ping = [&] {
    std::uint64_t turn = 0;
    time_round_trips(milliseconds, found, [&](std::uint64_t number) {
      words->there.store(++turn, std::memory_order_release);
      spin_until([&] { return words->back.load(std::memory_order_acquire) == turn; });
      return 8 * number + 28;
    });
    words->there.store(STOP, std::memory_order_release);
  };
  auto pong = [&] {
    for (std::uint64_t turn = 0;;) {
      spin_until([&] { return words->there.load(std::memory_order_acquire) != turn; });
      turn = words->there.load(std::memory_order_acquire);
      if (turn == STOP) return;
      words->back.store(turn, std::memory_order_release);
    }
  };

  found.pinned = run_pair(ping, pong);
  return line_of(lane, found, TRIPS_A_BLOCK);
}

// `content` is a message, or the number to make one of.
inline void send(SpscRing<Message>& ring, const auto& content) {
  spin_until([&] { return ring.try_emplace(content); });
}

inline const Message& await(SpscRing<Message>& ring) {
  return *spin_until([&] { return ring.front(); });
}

inline std::string ring_round_trip(const std::string& lane, double milliseconds) {
  auto there = std::make_unique<SpscRing<Message>>(RING_MESSAGES);
  auto back = std::make_unique<SpscRing<Message>>(RING_MESSAGES);
  RoundTrips found;

  auto ping = [&] {
    time_round_trips(milliseconds, found, [&](std::uint64_t number) {
      send(*there, number);
      const std::uint64_t sum = await(*back).sum();
      back->pop();
      return sum;
    });
    send(*there, STOP);
  };
  auto pong = [&] {
    for (;;) {
      const Message& message = await(*there);
      if (message.words[0] == STOP) return;
      send(*back, message);
      there->pop();  // after the answer, which is what the other side waits for
    }
  };

  found.pinned = run_pair(ping, pong);
  return line_of(lane, found, TRIPS_A_BLOCK);
}

inline std::string ring_stream(const std::string& lane, double milliseconds) {
  auto ring = std::make_unique<SpscRing<Message>>(RING_MESSAGES);
  std::atomic<std::uint64_t> total{STOP};  // known when the producer has ended
  std::uint64_t start = 0;
  Stream found;

  auto produce = [&] {
    start = now_ns();
    const std::uint64_t end = start + static_cast<std::uint64_t>(milliseconds * 1e6);
    std::uint64_t number = 0;
    do {
      for (std::uint64_t i = 0; i < MESSAGES_BETWEEN_CLOCKS; i++) send(*ring, number++);
    } while (now_ns() < end);
    total.store(number, std::memory_order_release);
  };
  auto consume = [&] {
    std::uint64_t messages = 0, checksum = 0;
    for (;;) {
      if (const Message* message = ring->front()) {
        checksum += message->sum();
        ring->pop();
        messages++;
      } else if (messages == total.load(std::memory_order_acquire)) {
        break;
      } else {
        relax();
      }
    }
    found.messages = messages;
    found.checksum = checksum;
  };

  found.pinned = run_pair(produce, consume);
  found.seconds = static_cast<double>(now_ns() - start) / 1e9;
  found.batches = ring->batches();
  return line_of(lane, found);
}
