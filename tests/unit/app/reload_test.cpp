// Does a running appliance take over a changed file on SIGHUP, and keep the old one when the new one is
// faulty?
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* kFile =
    "[[ports]]\na = \"net_ring0\"\nb = \"net_ring1\"\n"
    "[appliance]\nhugepages = \"off\"\nreport_interval = \"1s\"\n"
    "[tables]\nconfirmed = 1024\nembryonic = 1024\ntombstones = 1024\n";

class Appliance : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (fs::temp_directory_path() / "ajar-reload-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        directory_ = name;
        setenv("RUNTIME_DIRECTORY", name.c_str(), 1);
        write(kFile);
        start();
    }
    void TearDown() override {
        if (pid_ > 0) {
            kill(pid_, SIGKILL);
            waitpid(pid_, nullptr, 0);
        }
        fs::remove_all(directory_);
    }

    void write(const std::string& text) const { std::ofstream(directory_ / "ajar.toml") << text; }
    [[nodiscard]] std::string said() const {
        std::ostringstream text;
        text << std::ifstream(directory_ / "said").rdbuf();
        return text.str();
    }
    void start() {
        const int out = open((directory_ / "said").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        start(out);
        close(out);
    }
    void start(int out) {
        pid_ = fork();
        if (pid_ != 0) return;
        dup2(out, STDOUT_FILENO);
        dup2(out, STDERR_FILENO);
        execl(AJAR_PROGRAM, AJAR_PROGRAM, "run", "-c", (directory_ / "ajar.toml").c_str(), "--summary",
              (directory_ / "summary.json").c_str(), nullptr);
        _exit(127);
    }
    template <typename Condition>
    [[nodiscard]] static bool soon(Condition&& condition) {
        for (const auto end = std::chrono::steady_clock::now() + 120s; std::chrono::steady_clock::now() < end;
             std::this_thread::sleep_for(20ms))
            if (condition()) return true;
        return false;
    }
    /// Waits until it has said this.
    [[nodiscard]] bool says(const std::string& text) const {
        return soon([&] { return said().find(text) != std::string::npos; });
    }
    /// SIGHUP does not end it any more.
    [[nodiscard]] bool heeds_hang_up() const {
        std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
        for (std::string line; std::getline(status, line);)
            if (line.starts_with("SigCgt:"))
                return (std::stoull(line.substr(7), nullptr, 16) >> (SIGHUP - 1U) & 1U) != 0;
        return false;
    }

    fs::path directory_;
    pid_t pid_ = -1;
};

TEST_F(Appliance, ReloadsOnHangUpAndSurvivesAFaultyFile) {
    ASSERT_TRUE(says("packets/s")) << said();
    write(std::string(kFile) + "[policy]\nmode = \"enforce\"\n[events]\nring = 2048\n");
    kill(pid_, SIGHUP);
    EXPECT_TRUE(says("reloaded, generation 2; changed: policy.mode; needs a restart: events.ring\n"))
        << said();
    write(std::string(kFile) + "[polizy]\nmode = 1\n");
    kill(pid_, SIGHUP);
    EXPECT_TRUE(
        says("unknown section [polizy]; did you mean [policy]?\najar: the configuration stays as it was"))
        << said();
    kill(pid_, SIGTERM);
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_NE(said().find("mode enforce"), std::string::npos) << said();
    EXPECT_TRUE(fs::exists(directory_ / "dpdk")) << "then DPDK keeps its files elsewhere";
    EXPECT_TRUE(fs::is_empty(directory_ / "dpdk")) << "its own folder is gone";
}

TEST_F(Appliance, AFailedStartLeavesNothingBehind) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    fs::remove_all(directory_ / "dpdk");
    std::string file = kFile;
    write(file.insert(file.find("[tables]"), "eal_args = [\"-m200000000\"]\n"));
    start();
    ASSERT_TRUE(says("DPDK did not start")) << said();
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 2) << status;
    ASSERT_TRUE(fs::exists(directory_ / "dpdk")) << "it failed before DPDK made a folder";
    EXPECT_TRUE(fs::is_empty(directory_ / "dpdk"));
}

// A terminal that closes sends SIGHUP and takes nothing more.
TEST_F(Appliance, OutlivesItsTerminal) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
    start(ends[1]);
    close(ends[1]);
    std::string heard;
    char some[256];
    while (heard.find("packets/s") == std::string::npos) {
        const auto n = read(ends[0], some, sizeof some);
        ASSERT_GT(n, 0) << heard;
        heard.append(some, static_cast<std::size_t>(n));
    }
    close(ends[0]);
    write(std::string(kFile) + "[policy]\nmode = \"enforce\"\n");
    kill(pid_, SIGHUP);
    std::this_thread::sleep_for(500ms);
    ASSERT_EQ(waitpid(pid_, nullptr, WNOHANG), 0) << "it ended by itself";
    kill(pid_, SIGTERM);
    int status = 0;
    ASSERT_EQ(waitpid(pid_, &status, 0), pid_);
    pid_ = -1;
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
    EXPECT_TRUE(fs::exists(directory_ / "summary.json"));
}

// Workers wait for room among their events, the reader for the workers, and main for both to heed the new
// policy.
TEST_F(Appliance, ReloadsUnderThePacketClockWhileEventRingsAreFull) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    const auto flood = (directory_ / "flood").string(), events = flood + ".json";
    const auto made =
        std::string(AJAR_PROGRAM) + " gen flood --connections 200000 --split -o " + flood + ".pcap";
    ASSERT_EQ(std::system((made + " >/dev/null").c_str()), 0);
    const std::string file =
        "[[ports]]\na = \"net_pcap0,rx_pcap=" + flood +
        ".a.pcap,tx_pcap=/dev/null\"\nb = \"net_pcap1,rx_pcap=" + flood +
        ".b.pcap,tx_pcap=/dev/null\"\n[appliance]\nhugepages = \"off\"\nclock = \"packet\"\n"
        "[events]\nfile = \"" +
        events + "\"\nflow_start = true\nring = 4096\n";
    write(file);
    start();
    ASSERT_TRUE(soon([&] { return heeds_hang_up(); })) << said();
    for (int i = 0; i < 60; ++i, std::this_thread::sleep_for(20ms)) {
        write(file + "[policy]\nmode = \"" + (i % 2 == 0 ? "enforce" : "observe") + "\"\n");
        kill(pid_, SIGHUP);
    }
    kill(pid_, SIGTERM);
    EXPECT_TRUE(says("ajar ran for")) << said();
}

}  // namespace
