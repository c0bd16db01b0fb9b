// Does the machine judge every packet of every diagram as the diagram says?
//
// Each scenario runs eight times: client as side 0 and as side 1, and with numbers as written, close to 2^31
// and close to 2^32 on either side, so that every rule is tried across the wrap.
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>

#include "diagram.hpp"
#include "support/one_tuple.hpp"

namespace ajar::scenario {
namespace {

struct Variant {
    Side client;
    std::uint32_t client_base, server_base;
};
constexpr Variant kVariants[] = {
    {0, 0, 0},
    {1, 0, 0},
    {0, 0xffffff9a, 0},
    {1, 0, 0xfffffe00},
    {0, 0x7fffff98, 0x7ffffe00},
    {1, 0xffffff00, 0xffffffff},
    {0, 0x80000000, 0xfffffff0},
    {1, 5, 0x7fffff00},
};

class Run : public testing::Test {
public:
    explicit Run(Scenario scenario) : scenario_(std::move(scenario)) {}

    void TestBody() override {
        for (const Variant& v : kVariants) {
            SCOPED_TRACE(testing::Message() << "client is side " << int{v.client} << ", numbers from "
                                            << v.client_base << " and " << v.server_base);
            play(v);
            if (HasFailure()) return;
        }
    }

private:
    static std::uint32_t base(const Variant& v, Who w) {
        return w == Who::client ? v.client_base : v.server_base;
    }
    static Who peer(Who w) { return w == Who::client ? Who::server : Who::client; }
    static Side side(const Variant& v, Who w) { return w == Who::client ? v.client : other(v.client); }

    static Packet packet_of(const Arrow& a, const Variant& v) {
        Packet p;
        p.kind = PacketKind::tcp;
        p.side = side(v, a.from);
        p.flags = a.flags;
        // A RST that answers a SYN has no sequence number of its own, nor has a bare one an ACK.
        p.seq = a.flags.rst() && a.seq == 0 ? 0 : a.seq + base(v, a.from);
        p.payload = a.end - a.seq;
        p.ack = a.flags.ack() ? a.ack + base(v, peer(a.from)) : 0;
        p.window = a.window;
        if (a.scale) {
            p.options.present |= TcpOptions::kWindowScale;
            p.options.window_scale = *a.scale;
        }
        if (a.sack_permitted) p.options.present |= TcpOptions::kSackPermitted;
        if (a.has_sack) {
            p.options.present |= TcpOptions::kSack;
            p.options.sack_right = a.sack + base(v, peer(a.from));
        }
        return p;
    }

    static std::string verdict_of(const test::Judgement& j) {
        if (j.reopened) return "reopen";
        if (j.fresh) return "new";
        if (j.step.outcome == tcp::Outcome::accepted) return "ok";
        if (j.step.outcome == tcp::Outcome::ignored) return "passed";
        return j.state == TcpState::none ? "refused" : "invalid";
    }

    std::string where(const Line& l) const {
        return scenario_.file + ":" + std::to_string(l.number) + ": " + l.text;
    }

    void play(const Variant& v) {
        test::OneTuple tuple(scenario_.policy);
        for (const Line& line : scenario_.lines) {
            if (line.arrow) check(line, tuple.feed(packet_of(*line.arrow, v)), tuple.conn);
            for (const Number& n : line.numbers) check(line, n, tuple.conn, v);
            if (HasFailure()) return;
        }
    }

    void check(const Line& line, const test::Judgement& j, const Conn& conn) const {
        EXPECT_EQ(verdict_of(j), line.expected.verdict) << name(j.step.reason) << "\n" << where(line);
        EXPECT_EQ(name(j.state), name(line.expected.state)) << where(line);
        EXPECT_EQ(name(j.step.reason), name(line.expected.reason)) << where(line);
        EXPECT_EQ(j.step.established_now, line.expected.promoted) << where(line);
        if (line.expected.timer) {
            EXPECT_EQ(name(conn.timer), name(*line.expected.timer)) << where(line);
        }
    }

    static void check(const Line& line, const Number& n, const Conn& conn, const Variant& v) {
        const Side s = side(v, n.of);
        if (n.field == "rcv") {
            EXPECT_TRUE(conn.flag(Conn::kAckSeen, s)) << line.text;
            EXPECT_EQ(conn.ends[s].max_ack - base(v, peer(n.of)), n.value) << line.text;
        } else if (n.field == "end") {
            EXPECT_EQ(conn.ends[s].end - base(v, n.of), n.value) << line.text;
        } else if (n.field == "scale") {
            EXPECT_EQ(conn.scale(s), n.value) << line.text;
        } else {
            ADD_FAILURE() << "no such number: " << line.text;
        }
    }

    Scenario scenario_;
};

/// A title as gtest likes it.
std::string identifier(std::string title) {
    for (char& c : title)
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
    return title;
}

}  // namespace
}  // namespace ajar::scenario

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const char* given = std::getenv("AJAR_SCENARIOS");
    std::vector<std::filesystem::path> files;
    for (const auto& f : std::filesystem::directory_iterator(given != nullptr ? given : "."))
        if (f.path().extension() == ".diagram") files.push_back(f.path());
    std::sort(files.begin(), files.end());
    for (const auto& f : files)
        for (const auto& s : ajar::scenario::read(f.string()))
            testing::RegisterTest(f.stem().c_str(), ajar::scenario::identifier(s.title).c_str(), nullptr,
                                  nullptr, f.c_str(), s.number,
                                  [s]() -> testing::Test* { return new ajar::scenario::Run(s); });
    if (files.empty()) return 1;
    return RUN_ALL_TESTS();
}
