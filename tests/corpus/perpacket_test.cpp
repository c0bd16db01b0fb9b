// Does each packet of the corpus get the verdict and leave the state that Linux's conntrack gave it, or
// differ for a reason that DIFFERENCES.md names?
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "ajar/policy/timeouts.hpp"
#include "perpacket.hpp"

namespace ajar::corpus {
namespace {

std::string from_environment(const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr ? value : "";
}

std::vector<std::string> captures(const std::string& corpus) {
    std::vector<std::string> names;
    for (const auto& f : std::filesystem::directory_iterator(corpus + "/perpacket"))
        names.push_back(f.path().stem().string());
    std::sort(names.begin(), names.end());
    return names;
}

TEST(PerPacket, EveryDifferenceFromLinuxIsListed) {
    const std::string corpus = from_environment("AJAR_CORPUS");
    if (!std::filesystem::is_directory(corpus + "/perpacket"))
        GTEST_SKIP() << "SKIPPED: no corpus at '" << corpus << "' (AJAR_CORPUS)";

    auto expected = read_expected(from_environment("AJAR_PERPACKET_EXPECTED"));
    unsigned compared = 0, differing = 0, unseen = 0;
    for (const auto& name : captures(corpus)) {
        TrackerJudge judge(policy_of(Profile::linux_conntrack));
        const Comparison c = compare(corpus + "/pcap/" + name, corpus + "/perpacket/" + name + ".csv", judge);
        compared += c.compared;
        unseen += c.unseen;
        differing += static_cast<unsigned>(c.differences.size());
        for (const Difference& d : c.differences)
            EXPECT_EQ(expected[name].erase(d.frame), 1U)
                << "not listed: " << name << " " << d.frame << "  " << d.text;
    }
    for (const auto& [name, frames] : expected)
        for (const unsigned f : frames)
            ADD_FAILURE() << "listed, but no longer differs: " << name << " " << f;
    std::cout << compared << " packets compared, " << compared - differing << " agree, " << differing
              << " differ as listed; " << unseen << " never reached Linux's conntrack\n";
    EXPECT_GE((compared - differing) * 100, compared * 96) << "less than 96 % agree";
}

}  // namespace
}  // namespace ajar::corpus
