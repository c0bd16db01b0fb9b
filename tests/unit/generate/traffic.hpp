// What generator tests share: a scenario run to its end, its frames parsed back.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ajar/packet/checksum.hpp"
#include "ajar/packet/parse.hpp"
#include "generate/source.hpp"

namespace ajar::gen {

struct Sent {
    Time time;
    std::uint8_t port;
    std::vector<std::uint8_t> bytes;
    Packet packet;  ///< parsed; its frame pointer is gone with the generator's buffer
    Checksum checksum;
};

struct Traffic {
    std::vector<Sent> frames;
    std::vector<Conversation> conversations;
    Truth truth;
};

inline GenOptions options_for(std::string scenario, std::uint64_t connections = 60) {
    GenOptions o;
    o.scenario = std::move(scenario);
    o.connections = connections;
    return o;
}

inline Traffic run(const GenOptions& options) {
    auto source = Source::make(options);
    EXPECT_TRUE(source.ok()) << (source.ok() ? "" : source.error());
    Traffic t;
    source->observe([&](const Conversation& c) { t.conversations.push_back(c); });
    while (const auto f = source->next()) {
        Sent& s = t.frames.emplace_back(Sent{f->time, f->port, {f->bytes.begin(), f->bytes.end()}, {}, {}});
        parse(s.bytes, static_cast<std::uint32_t>(s.bytes.size()), {}, s.packet);
        s.checksum = checksum::verify_tcp(s.packet, s.bytes);
    }
    t.truth = source->truth();
    return t;
}

inline std::vector<std::string> all_scenarios() {
    std::vector<std::string> names{"mix"};
    for (const auto& s : scenarios()) names.emplace_back(s.name);
    return names;
}

inline std::string name_of(const testing::TestParamInfo<std::string>& i) { return i.param; }

}  // namespace ajar::gen
