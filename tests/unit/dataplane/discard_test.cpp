// Is a port's receive queue empty when it has been discarded, is there an end to it, and is no buffer lost?
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/load.hpp"
#include "dataplane/pool.hpp"
#include "dataplane/port.hpp"

namespace ajar::dataplane {
namespace {

/// So many frames of 60 bytes.
std::string capture_of(std::uint32_t frames) {
    auto path =
        (std::filesystem::temp_directory_path() / ("ajar-discard." + std::to_string(getpid()))).string();
    std::ofstream out(path, std::ios::binary);
    const auto put = [&](std::uint32_t word) {
        out.write(reinterpret_cast<const char*>(&word), sizeof word);
    };
    for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 65535U, 1U}) put(word);
    for (std::uint32_t i = 0; i < frames; ++i) {
        for (const std::uint32_t word : {i, 0U, 60U, 60U}) put(word);
        out << std::string(60, 'x');
    }
    return path;
}

/// What two discards in a row find; all buffers are back behind them.
std::array<std::size_t, 2> discarded(const std::string& device) {
    auto pool = make_pool("discard", 4096, 2048, 0);
    auto port = Port::open(device);
    if (!pool || !port) return {SIZE_MAX, SIZE_MAX};
    const auto good = port->configure(config::default_config(), {}, 0x6d5a, pool->get());
    EXPECT_TRUE(good) << good.error();
    EXPECT_TRUE(port->start());
    const std::array<std::size_t, 2> out = {port->discard_received(), port->discard_received()};
    EXPECT_EQ(buffers_in_use(pool->get()), 0U);
    port->stop();
    return out;
}

TEST(Discard, AllThatWaits) {
    const auto file = capture_of(1000);
    const auto found = discarded("net_pcap0,rx_pcap=" + file + ",tx_pcap=/dev/null");
    EXPECT_EQ(found[0], 1000U);
    EXPECT_EQ(found[1], 0U);
    std::filesystem::remove(file);
}

/// Frames come as fast as they go.
TEST(Discard, ComesToAnEnd) {
    const auto found = discarded("net_null0");
    EXPECT_GE(found[0], 65536U);
    EXPECT_LT(found[0], 65536U + 64);
}

}  // namespace
}  // namespace ajar::dataplane
