// How the records of a capture are paired, and what is counted.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "zeek_connection.hpp"

namespace ajar::corpus {

/// At most so many connections of one state are counted from one capture: two attack captures hold thousands.
inline constexpr unsigned kCountedEach = 50;

struct Tally {
    unsigned counted = 0, agreeing = 0;
    [[nodiscard]] bool at_least(unsigned percent) const { return agreeing * 100 >= counted * percent; }
};

struct Scores {
    std::map<std::string, Tally> states;  ///< by Zeek's conn_state
    Tally history, captures, packets, durations;
};

/// Pairs by tuple, then by start; counts into `scores`. Returns a line for each connection that disagrees,
/// exists once only or once too often: "tuple @start ours zeeks", "-" where there is none.
std::vector<std::string> compare(const std::vector<Connection>& zeeks, const std::vector<Connection>& ours,
                                 Scores& scores);

/// zeek.expected: all lines that are known to differ, "capture: line". `[group]` and `#` are for the reader.
std::set<std::string> read_expected_lines(const std::string& path);

}  // namespace ajar::corpus
