// Timed frames, one after the other: what tests and benches take from the generator without any file.
//
// Conversations begin by the arrival process (gaps even between 0 and twice the mean: integers, no libm) and
// are written whole when they begin; a heap of the living ones merges their segments by time. So memory goes
// by the conversations that are alive at once, not by all of them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ajar/result.hpp"
#include "generate/conversation.hpp"
#include "generate/encode.hpp"
#include "generate/gen.hpp"
#include "generate/rng.hpp"
#include "generate/scenario.hpp"
#include "generate/truth.hpp"

namespace ajar::gen {

struct TimedFrame {
    Time time{};
    std::uint8_t port = 0;  ///< on which a bump in the wire receives it: 0 the clients', 1 the servers'
    std::span<const std::uint8_t> bytes;  ///< valid until the next call
};

class Source {
public:
    /// The error names the option that makes no sense.
    static Result<Source> make(const GenOptions& options);

    /// The next frame by time; none when all is said.
    std::optional<TimedFrame> next();
    /// `observer` sees each conversation when it begins, with all its segments.
    void observe(std::function<void(const Conversation&)> observer) { observer_ = std::move(observer); }
    [[nodiscard]] const Truth& truth() const { return truth_; }

private:
    struct Due {
        Time at;
        std::uint64_t order;  ///< of equal times: the older conversation first
        std::uint32_t slot;
        friend bool operator<(const Due& a, const Due& b) {  // std's heaps put the greatest on top
            return a.at != b.at ? a.at > b.at : a.order > b.order;
        }
    };
    struct Living {
        Conversation conversation;
        std::size_t step = 0;
    };

    Source(const GenOptions& options, std::vector<Share> shares);
    [[nodiscard]] bool arrivals_left() const;
    void begin_due();
    void begin(std::uint32_t slot);
    std::uint8_t draw_kind();
    void speak();
    void schedule(std::uint32_t slot);
    std::uint32_t free_slot();
    std::optional<TimedFrame> take();
    bool linger();

    GenOptions options_;
    std::vector<Share> shares_;
    std::uint32_t weight_sum_ = 0;
    Rng arrivals_;
    Time arrival_;
    std::uint64_t begun_ = 0;
    std::vector<std::uint64_t> begun_of_kind_;
    std::vector<Living> living_;
    std::vector<std::uint32_t> free_;
    std::vector<Due> heap_;
    Encoder encoder_;
    Frames frames_;           ///< of the segment under way
    std::size_t frame_ = 0;   ///< of them, how many are out
    bool backwards_ = false;  ///< the last fragment first
    Time now_;
    std::uint8_t port_ = 0;
    std::uint8_t lingered_ = 0;
    Truth truth_;
    std::function<void(const Conversation&)> observer_;
};

}  // namespace ajar::gen
