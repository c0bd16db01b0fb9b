// What Linux said of each packet of a capture, and how the tracker's answers differ from it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tracker_judge.hpp"

namespace ajar::corpus {

/// One packet on which Linux and we differ.
struct Difference {
    unsigned frame = 0;
    std::string text;  ///< both answers, and the packet
};

struct Comparison {
    unsigned compared = 0;
    unsigned unseen = 0;  ///< the kernel's IP layer ate them before conntrack
    std::vector<Difference> differences;
};

/// Feeds the packets that `truth` (perpacket/NAME.csv) lists from `capture` to `judge`.
Comparison compare(const std::string& capture, const std::string& truth, TrackerJudge& judge);

/// perpacket.expected: capture -> frames that are known to differ. Throws on a line that it cannot read.
std::map<std::string, std::set<unsigned>> read_expected(const std::string& path);

}  // namespace ajar::corpus
