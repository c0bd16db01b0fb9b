// Are the files that `ajar gen` writes the frames that the Source made?
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <pcap/pcap.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "generate/gen.hpp"
#include "traffic.hpp"

namespace ajar::gen {
namespace {

class GenFile : public testing::Test {
protected:
    void SetUp() override {
        options_ = options_for("handshake", 20);
        options_.output = (folder_ / "x.pcap").string();
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static std::vector<Sent> read(const std::filesystem::path& path) {
        std::array<char, PCAP_ERRBUF_SIZE> error{};
        auto* file =
            pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error.data());
        EXPECT_NE(file, nullptr) << error.data();
        std::vector<Sent> frames;
        pcap_pkthdr* h = nullptr;
        const u_char* bytes = nullptr;
        while (file != nullptr && pcap_next_ex(file, &h, &bytes) == 1) {
            const Time t(std::chrono::seconds(h->ts.tv_sec) + Duration(h->ts.tv_usec));
            frames.push_back({t, 0, {bytes, bytes + h->caplen}, {}, {}});
        }
        if (file != nullptr) pcap_close(file);
        return frames;
    }
    static std::string text_of(const std::string& path) {
        std::ostringstream s;
        s << std::ifstream(path).rdbuf();
        return s.str();
    }

    std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() / fmt::format("ajar-gen-{}", getpid());
    GenOptions options_;
};

TEST_F(GenFile, HoldsTheFramesAtTheirNanosecond) {
    ASSERT_EQ(generate(options_), 0);
    const auto made = run(options_).frames;
    const auto found = read(options_.output);
    ASSERT_EQ(found.size(), made.size());
    for (std::size_t i = 0; i < made.size(); ++i) {
        ASSERT_EQ(found[i].time, made[i].time);
        ASSERT_EQ(found[i].bytes, made[i].bytes);
    }
}

TEST_F(GenFile, MicrosecondsRoundDown) {
    options_.microseconds = true;
    ASSERT_EQ(generate(options_), 0);
    const auto found = read(options_.output);
    const auto made = run(options_).frames;
    EXPECT_EQ(found.back().time, std::chrono::floor<std::chrono::microseconds>(made.back().time));
}

TEST_F(GenFile, SplitSortsByThePortOfArrival) {
    options_.split = true;
    ASSERT_EQ(generate(options_), 0);
    const auto truth = run(options_).truth;
    EXPECT_EQ(read(folder_ / "x.a.pcap").size(), truth.by_port[0]);
    EXPECT_EQ(read(folder_ / "x.b.pcap").size(), truth.by_port[1]);
}

TEST_F(GenFile, TruthAndListStandBeside) {
    options_.truth = (folder_ / "truth.json").string();
    options_.truth_connections = (folder_ / "list.json").string();
    ASSERT_EQ(generate(options_), 0);
    EXPECT_EQ(text_of(options_.truth), to_json(run(options_).truth, options_));
    const auto list = text_of(options_.truth_connections);
    EXPECT_EQ(std::count(list.begin(), list.end(), '\n'), 20);
}

TEST_F(GenFile, ErrorsHaveTheirExitCodes) {
    options_.output = (folder_ / "none" / "x.pcap").string();
    EXPECT_EQ(generate(options_), 1);
    options_.output.clear();
    EXPECT_EQ(generate(options_), 2);
    options_.output.assign(1, '-');
    options_.split = true;
    EXPECT_EQ(generate(options_), 2);
}

TEST_F(GenFile, AFullDiskIsAnError) {
    if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full";
    options_.output = "/dev/full";
    EXPECT_EQ(generate(options_), 1);
}

}  // namespace
}  // namespace ajar::gen
