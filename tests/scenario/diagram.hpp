// How does a packet diagram read? Text lines to scenarios; the language is described in README.md beside
// this.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ajar/packet/packet.hpp"
#include "ajar/policy/policy.hpp"
#include "ajar/tcp/machine.hpp"

namespace ajar::scenario {

/// The two lifelines.
enum class Who : std::uint8_t { client, server };

/// `C > S  PA 101:201 ack 501 win 1000 | ok ESTABLISHED`
struct Arrow {
    Who from{};
    TcpFlags flags{};
    std::uint32_t seq = 0, end = 0;  ///< end as written: payload without SYN and FIN
    std::uint32_t ack = 0;
    std::uint16_t window = 1000;
    std::uint32_t sack = 0;  ///< right edge
    bool has_sack = false;
    std::optional<std::uint8_t> scale;
    bool sack_permitted = false;
};

/// Right of the bar. What is not written is not compared, except the verdict and the state.
struct Expected {
    std::string verdict;
    TcpState state{};
    Reason reason = Reason::none;
    std::optional<TimerClass> timer;
    bool promoted = false;
};

/// `expect C.rcv 101`: a number of an endpoint after the packets so far.
struct Number {
    Who of{};
    std::string field;
    std::uint32_t value = 0;
};

struct Line {
    int number = 0;
    std::string text;
    std::optional<Arrow> arrow;
    Expected expected;
    std::vector<Number> numbers;
};

struct Scenario {
    std::string file, title;
    int number = 0;
    Policy policy{};
    std::vector<Line> lines;
};

/// Throws std::runtime_error with file, line and what was not understood.
std::vector<Scenario> read(const std::string& path);

}  // namespace ajar::scenario
