// Is what a configuration names and the machine lacks found before a start, and nothing created by looking?
#include "config/presence.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "config/cpus.hpp"
#include "config/load.hpp"

namespace ajar::config {
namespace {

namespace fs = std::filesystem;

/// What is absent, as "path: text" lines.
std::string said(const Config& config) {
    std::string out;
    for (const auto& clash : absent(config)) out += clash.path + ": " + clash.text + "\n";
    return out;
}

bool begins(const std::string& text, const std::string& with) { return text.find(with) == 0; }

TEST(Absent, NothingOfTheDefaults) { EXPECT_EQ(said(default_config()), ""); }

TEST(Absent, UsersAndGroups) {
    auto config = default_config();
    config.user = "no-such-user-here";
    EXPECT_TRUE(begins(said(config), "appliance.user: there is no user no-such-user-here: adduser"))
        << said(config);
    EXPECT_FALSE(user_of(config));
    if (geteuid() != 0) return;
    config.user = "nobody";
    EXPECT_EQ(said(config), "");
    config.group = "no-such-group-here";
    EXPECT_TRUE(begins(said(config), "appliance.user: there is no group no-such-group-here")) << said(config);
}

/// Root may write anywhere; the one that it becomes may not.
TEST(Absent, OutputsAreThoseOfTheUserThatItBecomes) {
    if (geteuid() != 0) GTEST_SKIP() << "only root becomes another";
    std::string name = (fs::temp_directory_path() / "ajar-presence.XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    fs::permissions(folder, fs::perms(0755));
    auto config = default_config();
    config.events_file = folder / "events.json";
    config.capture_folder = folder;
    EXPECT_EQ(said(config), "");
    config.user = "nobody";
    EXPECT_NE(said(config).find("events.file: cannot write"), std::string::npos) << said(config);
    EXPECT_NE(said(config).find("capture.folder: cannot write"), std::string::npos) << said(config);
    EXPECT_FALSE(fs::exists(folder / "events.json"));
    fs::permissions(folder, fs::perms(0777));
    EXPECT_EQ(said(config), "");
    fs::remove_all(folder);
}

/// The file is the user's, the folder is not.
TEST(Absent, RotationNeedsTheFolderToo) {
    if (geteuid() != 0) GTEST_SKIP() << "only root becomes another";
    std::string name = (fs::temp_directory_path() / "ajar-rotation.XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    fs::permissions(folder, fs::perms(0755));
    auto config = default_config();
    config.user = "nobody";
    config.events_file = folder / "events.json";
    std::ofstream(config.events_file) << "{}\n";
    fs::permissions(config.events_file, fs::perms(0666));
    EXPECT_EQ(said(config), "");
    config.rotate_size = 4096;
    EXPECT_TRUE(begins(said(config), "events.file: cannot rotate " + config.events_file + ": " +
                                         folder.string() + ": Permission denied"))
        << said(config);
    fs::permissions(folder, fs::perms(0777));
    EXPECT_EQ(said(config), "");
    fs::remove_all(folder);
}

/// A socket of Redis, too; one that is not there yet may come to be whatever it likes.
TEST(Absent, TheSharesServerTakesTheUserThatItBecomes) {
    if (geteuid() != 0) GTEST_SKIP() << "only root becomes another";
    std::string name = (fs::temp_directory_path() / "ajar-presence.XXXXXX").string();
    const fs::path folder = mkdtemp(name.data());
    fs::permissions(folder, fs::perms(0755));
    auto config = default_config();
    config.share_server = "unix:" + (folder / "s").string();
    config.user = "nobody";
    const auto shares = [&] { return said(config).find("share.server: " + (folder / "s").string()); };
    EXPECT_EQ(shares(), std::string::npos) << said(config);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    (folder / "s").string().copy(at.sun_path, sizeof at.sun_path - 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    fs::permissions(folder / "s", fs::perms(0770));
    EXPECT_NE(shares(), std::string::npos) << said(config);
    EXPECT_NE(said(config).find("as nobody: Permission denied"), std::string::npos) << said(config);
    fs::permissions(folder / "s", fs::perms(0777));
    EXPECT_EQ(shares(), std::string::npos) << said(config);
    config.user.clear();
    fs::permissions(folder / "s", fs::perms(0700));
    EXPECT_EQ(shares(), std::string::npos) << "root may";
    close(fd);
    fs::remove_all(folder);
}

TEST(Absent, CpusThatNoThreadMayRunOn) {
    auto config = default_config();
    const auto mine = available_cpus().front();
    config.cpus = fmt::format("{}", mine);
    EXPECT_EQ(said(config), "");
    config.cpus = fmt::format("{},1022-1023", mine);
    EXPECT_TRUE(begins(said(config), "appliance.cpus: no thread may run on CPU 1022, 1023 here; "))
        << said(config);
}

TEST(Absent, CapturesThatCannotBeRead) {
    auto config = default_config();
    config.ports = {
        {"net_pcap0,rx_pcap=/nowhere/a.pcap,tx_pcap=/nowhere/b.pcap", "net_pcap1,rx_pcap=/dev/null"}};
    EXPECT_EQ(said(config), "ports: \"net_pcap0\": capture \"/nowhere/a.pcap\": No such file or directory\n");
}

TEST(Absent, FoldersOfOutputsButNotTheOutputs) {
    auto config = default_config();
    const auto file = fs::temp_directory_path() / fmt::format("ajar-absent-{}.json", getpid());
    config.events_file = file;
    config.flows_file = std::string(1, '-');  // a literal draws a false -Wrestrict from g++ 12
    EXPECT_EQ(said(config), "");
    EXPECT_FALSE(fs::exists(file)) << "it only looks";
    config.events_file = "/nowhere/at/all.json";
    config.flows_file = fs::temp_directory_path();
    EXPECT_TRUE(begins(said(config), "events.file: cannot write /nowhere/at/all.json: No such file"))
        << said(config);
    EXPECT_NE(said(config).find("events.flows: cannot write " + config.flows_file + ": it is a directory"),
              std::string::npos)
        << said(config);
}

// A collector may come later; what stands there now must be one's.
TEST(Absent, NoSocketsButWhatIsNone) {
    auto config = default_config();
    config.events_file = "unix:/nowhere/at/all";
    config.flows_file = "unix:/dev/null";
    EXPECT_EQ(
        said(config),
        "events.flows: cannot write unix:/dev/null: it is no socket; give a file in a directory that exists "
        "and may be written to, or a socket\n");
}

}  // namespace
}  // namespace ajar::config
