// Is what was to happen still known when the configuration cannot be read, and only if root wrote it?
#include "bypass/memory.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ajar::bypass {
namespace {

namespace fs = std::filesystem;

class Remembered : public testing::Test {
protected:
    Remembered() {
        std::string name = (fs::temp_directory_path() / "ajar-memory.XXXXXX").string();
        root_ = mkdtemp(name.data());
        folder_ = (root_ / "state").string();
    }
    ~Remembered() override { fs::remove_all(root_); }
    [[nodiscard]] fs::path only_file() const { return *fs::directory_iterator(folder_); }

    fs::path root_;
    std::string folder_;
    const std::string config_ = "/etc/ajar/100%.toml";
    const Memory open_ = {
        WhenDown::open,
        "/run/ajar/ajar.sock",
        {{"net_af_packet0", "net_af_packet1", "left", "right"}, {"0000:3b:00.0", "x", "", ""}}};
};

TEST_F(Remembered, WholeAndReplaced) {
    EXPECT_FALSE(recall(folder_, config_));
    ASSERT_TRUE(remember(folder_, config_, {}));
    ASSERT_TRUE(remember(folder_, config_, open_));
    const auto is = recall(folder_, config_);
    ASSERT_TRUE(is) << is.error();
    EXPECT_EQ(is->when_down, WhenDown::open);
    EXPECT_EQ(is->socket, open_.socket);
    ASSERT_EQ(is->ways.size(), 2U);
    EXPECT_EQ(is->ways[0].b, "right");
    EXPECT_TRUE(is->ways[0].possible());
    EXPECT_EQ(is->ways[1].port_a, "0000:3b:00.0");
    EXPECT_FALSE(is->ways[1].possible());
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
    EXPECT_EQ(fs::status(folder_).permissions(), fs::perms(0700));
    EXPECT_EQ(fs::status(only_file()).permissions(), fs::perms(0600));
}

TEST_F(Remembered, EachConfigurationItsOwn) {
    ASSERT_TRUE(remember(folder_, "/etc/a/b", open_));
    ASSERT_TRUE(remember(folder_, "/etc/a%2Fb", {}));
    EXPECT_EQ(recall(folder_, "/etc/a/b")->when_down, WhenDown::open);
    EXPECT_EQ(recall(folder_, "/etc/x/../a/b")->when_down, WhenDown::open);
    EXPECT_FALSE(recall(folder_, "/etc/b"));
}

TEST_F(Remembered, DamageIsNotBelieved) {
    ASSERT_TRUE(remember(folder_, config_, open_));
    const auto size = fs::file_size(only_file());
    for (std::uintmax_t cut = 0; cut < size; ++cut) {
        ASSERT_TRUE(remember(folder_, config_, open_));
        fs::resize_file(only_file(), cut);
        EXPECT_FALSE(recall(folder_, config_)) << cut;
    }
}

TEST_F(Remembered, WhatOthersMayWriteIsNotBelieved) {
    ASSERT_TRUE(remember(folder_, config_, open_));
    fs::permissions(only_file(), fs::perms(0666));
    EXPECT_FALSE(recall(folder_, config_));
    ASSERT_TRUE(remember(folder_, config_, open_));
    fs::permissions(folder_, fs::perms(0777));
    EXPECT_FALSE(recall(folder_, config_));
    EXPECT_FALSE(remember(folder_, config_, open_));
    fs::permissions(folder_, fs::perms(0700));
    if (geteuid() == 0) {
        ASSERT_EQ(chown(folder_.c_str(), 65534, static_cast<gid_t>(-1)), 0);
        EXPECT_FALSE(recall(folder_, config_));
        EXPECT_FALSE(remember(folder_, config_, open_));
    }
}

TEST_F(Remembered, LinksAreNotFollowed) {
    ASSERT_TRUE(remember(folder_, config_, open_));
    const fs::path at = only_file(), real = root_ / "elsewhere";
    fs::rename(at, real);
    fs::create_symlink(real, at);
    EXPECT_FALSE(recall(folder_, config_));
    ASSERT_TRUE(remember(folder_, config_, {}));  // the link itself is replaced
    EXPECT_FALSE(fs::is_symlink(at));
    fs::rename(folder_, root_ / "moved");
    fs::create_symlink(root_ / "moved", folder_);
    EXPECT_FALSE(remember(folder_, config_, open_));
}

}  // namespace
}  // namespace ajar::bypass
