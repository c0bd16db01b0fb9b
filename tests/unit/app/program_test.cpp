// Does the program as a whole answer as its help says: commands, exit codes, configuration faults?
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

namespace {

struct Run {
    int code = -1;
    std::string text;  ///< both outputs
};

Run ajar(const std::string& arguments) {
    Run run;
    FILE* pipe = popen((std::string(AJAR_PROGRAM) + " " + arguments + " 2>&1").c_str(), "r");
    if (pipe == nullptr) return run;
    std::array<char, 4096> block;
    for (std::size_t n = 0; (n = fread(block.data(), 1, block.size(), pipe)) > 0;)
        run.text.append(block.data(), n);
    run.code = WEXITSTATUS(pclose(pipe));
    return run;
}

bool says(const Run& run, const char* text) { return run.text.find(text) != std::string::npos; }

TEST(Program, ListsItsCommands) {
    const auto help = ajar("--help");
    EXPECT_EQ(help.code, 0);
    for (const char* command : {"\n  replay ", "\n  explain ", "\n  gen ", "\n  help "})
        EXPECT_TRUE(says(help, command)) << help.text;
    EXPECT_EQ(ajar("").code, 2);
    EXPECT_EQ(ajar("help").text, help.text);
    EXPECT_TRUE(says(ajar("--version"), "ajar 0."));
}

TEST(Program, ExplainsEachCommandInTwoWays) {
    for (const std::string command : {"replay", "explain", "gen"}) {
        const auto help = ajar("help " + command);
        EXPECT_EQ(help.code, 0);
        EXPECT_TRUE(says(help, "Examples:")) << help.text;
        EXPECT_EQ(ajar(command + " --help").text, help.text);
    }
}

#ifdef AJAR_DATAPLANE
constexpr std::array<const char*, 19> kAll = {
    "run",   "doctor", "bypass", "replay", "explain", "gen",   "bench",   "list",   "get",    "evict",
    "flush", "events", "stats",  "top",    "posture", "block", "unblock", "reload", "profile"};
#else
constexpr std::array<const char*, 15> kAll = {"replay",  "explain", "gen",     "list",   "get",
                                              "evict",   "flush",   "events",  "stats",  "top",
                                              "posture", "block",   "unblock", "reload", "profile"};
#endif

TEST(Program, CompletionAndManualKnowEveryCommand) {
    const auto completion = ajar("help --completion bash"), manual = ajar("help --man");
    EXPECT_EQ(completion.code, 0);
    EXPECT_EQ(manual.code, 0);
    for (const std::string command : kAll) {
        EXPECT_TRUE(says(completion, ("\n    " + command + ") words=").c_str())) << command;
        EXPECT_TRUE(says(manual, ("\n.SS \\&ajar " + command + " ").c_str())) << command;
        EXPECT_TRUE(says(ajar("help"), ("\n  " + command + " ").c_str())) << command;
    }
    EXPECT_TRUE(says(completion, "list:--sort) words=\"age idle")) << completion.text;
    EXPECT_TRUE(says(manual, "\n\\&\\-\\-state STATE,...\n")) << manual.text;
    EXPECT_EQ(ajar("help --completion zsh").code, 2);
}

/// In bash itself: a word begun, and what it becomes.
TEST(Program, CompletionCompletes) {
    const auto completed = [](const std::string& words, int at) {
        const auto script = "source <(" + std::string(AJAR_PROGRAM) +
                            " help --completion bash); COMP_WORDS=(" + words +
                            "); COMP_CWORD=" + std::to_string(at) + "; _ajar; echo \\\"${COMPREPLY[*]}\\\"";
        FILE* pipe = popen(("bash -c '" + script + "'").c_str(), "r");
        std::array<char, 4096> block{};
        const auto n = fread(block.data(), 1, block.size(), pipe);
        pclose(pipe);
        return std::string(block.data(), n);
    };
    EXPECT_EQ(completed("ajar lis", 1), "\"list\"\n");
    EXPECT_EQ(completed("ajar list --so", 2), "\"--sort --socket\"\n");
    EXPECT_EQ(completed("ajar list --state SYN_S", 3), "\"SYN_SENT SYN_SENT2\"\n");
    EXPECT_EQ(completed("ajar list --state CLOSE,TIME", 3), "\"CLOSE,TIME_WAIT\"\n");
    EXPECT_EQ(completed("ajar profile lin", 2), "\"linux\"\n");
}

TEST(Program, WithoutAnApplianceItsVerbsSayWhere) {
    const auto run = ajar("list --socket /nonexistent/ajar.sock");
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(says(run, "/nonexistent/ajar.sock: No such file or directory; no appliance runs there"))
        << run.text;
    EXPECT_EQ(ajar("list --sttae close").code, 2);
    EXPECT_EQ(ajar("get").code, 2);
}

TEST(Program, AnUnknownCommandGetsTheNearest) {
    const auto run = ajar("repaly");
    EXPECT_EQ(run.code, 2);
    EXPECT_EQ(run.text, "ajar: no command \"repaly\"; did you mean replay?; `ajar --help` lists them\n");
    EXPECT_EQ(ajar("help gne").code, 2);
}

TEST(Program, AProfileAndAFileExcludeEachOther) {
    const auto run = ajar("replay x.pcap --profile linux -c y.toml");
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(says(run, "the file names its own profile")) << run.text;
}

TEST(Program, AFaultyConfigurationIsExitCodeTwo) {
    const auto run = ajar("replay x.pcap -c /nonexistent.toml");
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(says(run, "/nonexistent.toml: No such file")) << run.text;
}

TEST(Program, AConnectionIsExplainedByThoseWhoReadItsEvents) {
    const auto base = testing::TempDir() + "ajar-explain-" + std::to_string(getpid());
    const auto events = base + ".json", capture = base + ".pcap";
    ASSERT_EQ(ajar("gen stuck --connections 1 --linger 3h -o " + capture).code, 0);
    ASSERT_EQ(ajar("replay -q " + capture + " --events " + events).code, 0);
    std::string line;
    std::getline(std::ifstream(events), line);
    const auto uid = line.substr(line.find("\"uid\":\"") + 7, 18);
    const auto run = ajar("explain " + uid + " - < " + events);
    EXPECT_EQ(run.code, 0) << run.text;
    EXPECT_EQ(run.text.find("Connection " + uid + "\n"), 0U) << run.text;
    EXPECT_TRUE(says(run, "half open: crash_reopen_stuck, confidence high")) << run.text;
    EXPECT_TRUE(says(run, "The client has no such connection any more.")) << run.text;
    EXPECT_EQ(ajar("explain 10.0.0.1:1-10.0.0.2:80 " + events).code, 1);
    const auto wrong = ajar("explain 10.0.0.1 " + events);
    EXPECT_EQ(wrong.code, 2);
    EXPECT_TRUE(says(wrong, "names no connection; write 10.0.0.1:4711-10.0.0.2:80")) << wrong.text;
    EXPECT_EQ(ajar("explain 10.0.0.1:1-10.0.0.2:80 --socket /nonexistent/ajar.sock").code, 1)
        << "nobody to ask";
    for (const auto& path : {events, capture}) std::remove(path.c_str());
}

// The file names the appliance's own logs: a replay under its policy must not touch them.
TEST(Program, AReplayUnderAnAppliancesFileLeavesItsLogsAlone) {
    const auto base = testing::TempDir() + "ajar-program-" + std::to_string(getpid());
    const auto log = base + ".json", file = base + ".toml", capture = base + ".pcap";
    std::ofstream(log) << "precious\n";
    std::ofstream(file) << "[events]\nfile = \"" + log + "\"\n";
    ASSERT_EQ(ajar("gen handshake --connections 3 -o " + capture).code, 0);
    const auto run = ajar("replay -q -c " + file + " " + capture);
    EXPECT_EQ(run.code, 0) << run.text;
    std::string kept;
    std::getline(std::ifstream(log), kept);
    EXPECT_EQ(kept, "precious");
    for (const auto& path : {log, file, capture}) std::remove(path.c_str());
}

#ifdef AJAR_DATAPLANE
/// A configuration file of this process, with these ports and no hugepages, gone at the end.
class File {
public:
    explicit File(const std::string& a, const std::string& b, const std::string& more = "")
        : path_(testing::TempDir() + "ajar-run-" + std::to_string(getpid()) + ".toml") {
        std::ofstream(path_) << "[[ports]]\na = \"" << a << "\"\nb = \"" << b << "\"\n"
                             << "[appliance]\nhugepages = \"off\"\n"
                             << more;
    }
    ~File() { std::remove(path_.c_str()); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] Run run(const std::string& arguments) const {
        return ajar("run -c " + path_ + " " + arguments);
    }

private:
    std::string path_;
};

TEST(Run, ACheckSaysWhatItDidNotCheck) {
    const auto run = File("net_pcap0,rx_pcap=/dev/null,infinite_rx=1", "net_ring0").run("--check");
    EXPECT_EQ(run.code, 0) << run.text;
    EXPECT_TRUE(says(run, "the configuration is right")) << run.text;
    EXPECT_TRUE(says(run, "unchecked  whether the devices are there")) << run.text;
    EXPECT_TRUE(says(run, "captures of net_pcap0 hold; its packets, kept in buffers, are counted"))
        << run.text;
}

TEST(Run, ACheckFindsWhatTheMachineLacks) {
    const auto run = File("net_pcap0,rx_pcap=/nowhere/a.pcap", "net_ring0", "cpus = \"1023\"\n")
                         .run("--check --events /nowhere/e.json --summary /nowhere/s.json");
    EXPECT_EQ(run.code, 2) << run.text;
    for (const char* part : {"no thread may run on CPU 1023", "/nowhere/a.pcap\": No such file",
                             "cannot write /nowhere/e.json", "--summary /nowhere/s.json: No such file"})
        EXPECT_TRUE(says(run, part)) << part << " in\n" << run.text;
    EXPECT_FALSE(says(run, "is right")) << run.text;
}

TEST(Run, UntilIdleWantsPortsWithAnEnd) {
    const auto run = File("net_pcap0,tx_pcap=/dev/null", "net_ring0").run("--until-idle");
    EXPECT_EQ(run.code, 2) << run.text;
    EXPECT_TRUE(says(run, "--until-idle would never end: net_ring0")) << run.text;
    EXPECT_FALSE(says(run, "would never end: net_pcap0")) << run.text;
}
#endif

}  // namespace
