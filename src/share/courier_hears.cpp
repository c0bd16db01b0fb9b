// What the others tell: streams, entry by entry.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/prefixes.hpp"
#include "put_line.hpp"
#include "share/courier.hpp"
#include "share/stream_reply.hpp"

namespace ajar::share {
namespace {

using Stream = Desk::Stream;

constexpr auto kReadEvery = std::chrono::milliseconds(20);  // whoever answers at once
constexpr auto kBlock = std::chrono::milliseconds(1000);    // XREAD's
constexpr std::string_view kMostRead = "500";               // entries

}  // namespace

void Courier::hear(Clock::time_point now) {
    Reply reply;
    int tag = 0;
    while (telling_ && hearing_->next(reply, tag)) heed(reply, static_cast<Tag>(tag), now);
    if (telling_ && up_ && !reading_ && now >= next_read_) ask(now);
}

void Courier::heed(const Reply& reply, Tag tag, Clock::time_point now) {
    if (reply.kind == Reply::Kind::error) return break_off(reply.text, now);
    constexpr auto kNonsense = "an answer makes no sense";
    if (tag == time) {
        const auto seconds = is_list(reply, 2) ? whole_number(reply.items[0].text) : std::nullopt;
        if (!seconds || *seconds > (std::uint64_t{1} << 40U)) return break_off(kNonsense, now);
        server_ms_ = *seconds * 1000;
        server_at_ = now;
    } else if (tag == last_sums || tag == last_block) {
        const auto last = last_of(reply);
        if (!last) return break_off(kNonsense, now);
        if (tag == last_sums) {
            sums_at_ = last->value_or(EntryId{});
        } else {
            begin_reading(*last, now);
        }
    } else if (tag == read) {
        reading_ = false;
        if (reply.kind != Reply::Kind::nil && !take_streams(reply, now)) break_off(kNonsense, now);
    }
}

/// A stream whose end lies before what was read of it has been emptied meanwhile.
void Courier::begin_reading(std::optional<EntryId> last, Clock::time_point now) {
    if (!blocks_at_ || !last || *last < *blocks_at_) {
        constexpr std::uint64_t kLeaseMs = std::chrono::milliseconds(LentBlocks::kLease).count();
        blocks_at_ = EntryId{server_ms_ - std::min(server_ms_, kLeaseMs), 0};
    }
    up_ = true;
    up_since_ = now;
    desk_.set_up(true);
    own_blocks_.tell_all();
    refusal_said_ = false;
    const bool back = std::exchange(away_said_, false);
    if (std::exchange(greeted_, true) && !back) return;
    put_line(stderr, fmt::format("ajar: sharing {} {}, as {}", back ? "again by" : "by", options_.name,
                                 options_.box.name));
}

void Courier::ask_time(Clock::time_point now) {
    if (hearing_->say(Words{"TIME"}, time, now)) next_time_ = now + options_.clock_every;
}

/// No other command waits behind one that is for as long as kBlock to be answered.
void Courier::ask(Clock::time_point now) {
    if (now >= next_time_) ask_time(now);
    const Words words{"XREAD",
                      "COUNT",
                      std::string(kMostRead),
                      "BLOCK",
                      std::to_string(kBlock.count()),
                      "STREAMS",
                      key(Stream::blocks),
                      key(Stream::sums),
                      id_text(*blocks_at_),
                      id_text(sums_at_)};
    reading_ = hearing_->say(words, read, now, kBlock);
    next_read_ = now + kReadEvery;
}

/// False: it is no answer to XREAD.
bool Courier::take_streams(const Reply& reply, Clock::time_point now) {
    if (reply.kind != Reply::Kind::list) return false;
    for (const Reply& stream : reply.items) {
        if (!is_list(stream, 2) || stream.items[1].kind != Reply::Kind::list) return false;
        const bool blocks = stream.items[0].text == key(Stream::blocks);
        if (!blocks && stream.items[0].text != key(Stream::sums)) return false;
        for (const Reply& entry : stream.items[1].items)
            if (!take_entry(entry, blocks, now)) return false;
    }
    return true;
}

/// False: it has no id, so that nobody could read on from it.
bool Courier::take_entry(const Reply& entry, bool blocks, Clock::time_point now) {
    const auto id = is_list(entry, 2) ? id_of(entry.items[0]) : std::nullopt;
    EntryId& at = blocks ? *blocks_at_ : sums_at_;
    if (!id || !(at < *id)) return false;
    at = *id;
    const auto& words = entry.items[1].items;
    std::vector<std::pair<std::string_view, std::string_view>> fields;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2)
        fields.emplace_back(words[i].text, words[i + 1].text);
    if (blocks) {
        take_block(fields, *id, now);
    } else {
        take_sums(fields, now);
    }
    return true;
}

void Courier::take_sums(Fields fields, Clock::time_point now) {
    const auto told = read_sums(fields);
    if (told && told->from.run == options_.box.run) return;  // our own words
    if (!told || !others_.hear(*told, now)) return desk_.count_refused();
    desk_.count_heard(Stream::sums);
}

/// How long ago that was, the server says: the same clock made the entry's id.
void Courier::take_block(Fields fields, EntryId id, Clock::time_point now) {
    const auto told = read_block(fields);
    if (told && told->from.run == options_.box.run) return;
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(now - server_at_).count();
    const auto server_now = server_ms_ + static_cast<std::uint64_t>(since);
    const auto age = std::chrono::milliseconds(
        std::min<std::uint64_t>(server_now - std::min(server_now, id.ms), std::uint64_t{1} << 40U));
    if (!told || !lent_.hear(*told, age, now)) return desk_.count_refused();
    desk_.count_heard(Stream::blocks);
    if (told->news.deed != Deed::remove) return;
    auto prefix = config::format_prefix(told->news.prefix);
    if (own_blocks_.meant_by(prefix, id)) desk_.put_lifted(std::move(prefix));
}

void Courier::publish() {
    const bool blocks = lent_.take_changed();
    auto pending = others_.pending();
    const bool boxes = others_.take_news();
    if (!blocks && !boxes && pending == pending_) return;
    pending_ = pending;
    desk_.put_heard({std::move(pending), lent_.list(), others_.boxes()});
}

}  // namespace ajar::share
