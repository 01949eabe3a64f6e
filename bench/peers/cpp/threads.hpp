// Two threads, each on a core of its own, that start together and are gone when run_pair returns: between two lanes
// nothing of this program runs. Also what they do while they wait, and the clock that measures them.
#pragma once

#include <sched.h>

#include <chrono>
#include <cstdint>
#include <latch>
#include <thread>

// CLOCK_MONOTONIC in nanoseconds.
inline std::uint64_t now_ns() {
  using namespace std::chrono;
  return static_cast<std::uint64_t>(duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count());
}

// Tells the processor that this is a spin. Every lane here was faster with it: a waiting side then takes the cache line
// from the writing side less often.
inline void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

// Spins until `found` returns something that is not false, and returns that.
template <typename Find>
auto spin_until(Find&& found) {
  for (;;) {
    if (auto result = found()) return result;
    relax();
  }
}

// Keeps the calling thread on one core; false when the host does not allow it.
inline bool pin_to(int core) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(core, &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0;
}

// Runs `first` on core 0 and `second` on core 1 and waits for both; false when one of them could not be pinned.
template <typename First, typename Second>
bool run_pair(First&& first, Second&& second) {
  std::latch ready(2);
  bool pinned[2] = {false, false};
  auto start = [&](int core, auto& task) {
    pinned[core] = pin_to(core);
    ready.arrive_and_wait();
    task();
  };
  std::thread one([&] { start(0, first); });
  std::thread other([&] { start(1, second); });
  one.join();
  other.join();
  return pinned[0] && pinned[1];
}
