// libFuzzer target: whatever fragments come, the holder gives every frame back exactly once and stays within
// its limits.
#include <set>

#include "ajar/flow/fragments.hpp"
#include "ajar/flow/memory.hpp"
#include "fuzz/parse_input.hpp"
#include "fuzz/parse_invariants.hpp"

namespace ajar::fuzz {

namespace {

constexpr FragmentLimits kLimits{.datagrams = 3, .bytes = 2000, .timeout = std::chrono::seconds(30)};

class Keeper {
public:
    void add(const Frame& frame) {
        Packet p;
        parse(frame.head, frame.wire_length, frame.options, p);
        if (p.kind != PacketKind::fragment) return;
        now_ += std::chrono::seconds(frame.head.size() % 8);
        p.time = Time(now_);
        kept_.insert(++handle_);
        Packet out;
        const auto outcome = holder_.add(p, frame.head, checksum::piece_sum(p, frame.head), handle_, out);
        give_back(outcome.expired);
        give_back(outcome.evicted);
        give_back(outcome.handles);
        AJAR_REQUIRE((outcome.kind == FragmentOutcome::Kind::held) == outcome.handles.empty());
        AJAR_REQUIRE(holder_.datagrams() <= kLimits.datagrams && holder_.bytes() <= kLimits.bytes);
        if (outcome.kind == FragmentOutcome::Kind::complete) check_complete(out);
    }
    void finish() {
        give_back(holder_.flush());
        AJAR_REQUIRE(kept_.empty() && holder_.datagrams() == 0 && holder_.bytes() == 0);
    }

private:
    void give_back(std::span<const FrameHandle> handles) {
        for (const auto h : handles) AJAR_REQUIRE(kept_.erase(h) == 1);
    }
    static void check_complete(const Packet& p) {
        AJAR_REQUIRE(p.kind == PacketKind::tcp && p.pieces > 1);
        require_key(p);
        std::size_t sum = 0;  // the sanitizer judges whether it may be read
        for (std::size_t i = 0; i < p.link_length; ++i) sum += p.frame[i];
        AJAR_REQUIRE(sum <= p.link_length * 255U);
    }

    PageMemory memory_;
    FragmentHolder holder_{kLimits, hash_key_from_seed(1), memory_};
    std::set<FrameHandle> kept_;
    FrameHandle handle_ = 0;
    Duration now_{};
};

}  // namespace
}  // namespace ajar::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::span<const std::uint8_t> input(data, size);
    ajar::fuzz::Keeper keeper;
    while (input.size() >= ajar::fuzz::kHeader) keeper.add(ajar::fuzz::take_frame(input));
    keeper.finish();
    return 0;
}
