// What is told to the others, and what becomes of it.
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/prefixes.hpp"
#include "control/request.hpp"
#include "export/event_json.hpp"
#include "put_line.hpp"
#include "share/courier.hpp"
#include "share/stream_reply.hpp"

namespace ajar::share {
namespace {

constexpr auto kSumsEvery = std::chrono::milliseconds(950);  // main puts them each second
constexpr std::array<std::string_view, control::ShareFacts::kStreams> kKept = {"", "1000", "20000"};
constexpr std::size_t kMostWaiting = std::size_t{1} << 20U;  // bytes: events wait in their ring instead

}  // namespace

void Courier::take_receipts(Clock::time_point now) {
    Reply reply;
    int tag = 0;
    while (telling_ && telling_->next(reply, tag)) {
        if (tag == auth) {
            if (reply.kind == Reply::Kind::error) return break_off(reply.text, now);
            continue;
        }
        const auto stream = tag == event  ? Desk::Stream::events
                            : tag == sums ? Desk::Stream::sums
                                          : Desk::Stream::blocks;
        std::string prefix;
        if (tag == block && !blocks_owed_.empty()) {
            prefix = std::move(blocks_owed_.front());
            blocks_owed_.pop_front();
        }
        if (reply.kind != Reply::Kind::error) {
            desk_.count_told(stream);
            const auto id = id_of(reply);
            if (id && !prefix.empty()) own_blocks_.confirm(prefix, *id);
            continue;
        }
        desk_.count_lost(stream);
        if (std::exchange(refusal_said_, true)) continue;
        put_line(stderr, fmt::format("ajar: sharing: {} takes nothing: {}", options_.name,
                                     control::shown(reply.text)));
    }
}

/// XADD, within a bound that the server keeps roughly.
bool Courier::say(Desk::Stream stream, const Words& entry, Clock::time_point now) {
    constexpr std::array<Tag, control::ShareFacts::kStreams> kTags = {event, sums, block};
    const auto s = static_cast<std::size_t>(stream);
    Words words{"XADD",
                key(stream),
                "MAXLEN",
                "~",
                stream == Desk::Stream::events ? std::to_string(own_.wishes.keep) : std::string(kKept[s]),
                "*"};
    words.insert(words.end(), entry.begin(), entry.end());
    return telling_->say(words, kTags[s], now);
}

void Courier::tell(Clock::time_point now) {
    if (own_.wishes.sums && own_is_new_ && now - sums_told_ >= kSumsEvery) {
        sums_told_ = now;
        if (!say(Desk::Stream::sums, sums_entry(options_.box, {own_.state, own_.pending}), now))
            desk_.count_lost(Desk::Stream::sums);
    }
    tell_blocks(now);
    own_is_new_ = false;
    tell_events(now);
}

/// What does not get through now is told with the next connection.
void Courier::tell_blocks(Clock::time_point now) {
    const auto tell_one = [&](const BlockNews& news) {
        if (!say(Desk::Stream::blocks, block_entry(options_.box, news), now)) {
            desk_.count_lost(Desk::Stream::blocks);
            return;
        }
        blocks_owed_.push_back(news.deed == Deed::add ? config::format_prefix(news.prefix) : std::string());
    };
    if (own_is_new_)
        for (const auto& news :
             own_blocks_.look(own_.wishes.blocks ? own_.blocks : std::vector<OwnBlock>(), now))
            tell_one(news);
    for (; !removals_.empty(); removals_.pop_front()) {
        const auto prefix = config::parse_prefix(removals_.front().prefix);
        if (own_.wishes.blocks && prefix && may_be_lent(*prefix)) tell_one({Deed::remove, *prefix, true, {}});
    }
}

void Courier::tell_events(Clock::time_point now) {
    const auto tell_one = [&](std::string eve) {
        if (!say(Desk::Stream::events, event_entry(options_.box, std::move(eve)), now))
            desk_.count_lost(Desk::Stream::events);
    };
    for (auto& line : desk_.take_changes()) tell_one(std::move(line));
    std::size_t n = 0;
    Event next;
    while (n < kEventsARound && telling_->owed() < kEventsOwed && telling_->waiting() < kMostWaiting &&
           desk_.take_event(next)) {
        ++n;
        exporting::Text text;
        exporting::append_event(text, next);
        tell_one(std::string(text.data(), text.size() - 1));
    }
    busy_ = n == kEventsARound;
}

/// As far as it goes without waiting: who does not hear it will notice the silence.
void Courier::say_bye(Clock::time_point now) {
    if (!telling_ || !up_) return;
    Sums bye;
    bye.bye = true;
    if (own_.wishes.sums) say(Desk::Stream::sums, sums_entry(options_.box, bye), now);
    telling_->look(POLLOUT, now);
}

}  // namespace ajar::share
