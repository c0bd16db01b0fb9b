// Round by round.
#include "share/courier.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <utility>

#include "config/prefixes.hpp"
#include "control/request.hpp"
#include "put_line.hpp"

namespace ajar::share {
namespace {

using Stream = Desk::Stream;

constexpr auto kNap = std::chrono::milliseconds(50), kShortNap = std::chrono::milliseconds(5);
constexpr auto kProven = std::chrono::seconds(5);  // a connection that lasts

}  // namespace

Courier::Courier(Options options, Desk& desk)
    : options_(std::move(options)), desk_(desk), back_off_(options_.box.run) {}

void Courier::run() {
    while (!desk_.stopped()) {
        round();
        wait();
    }
    say_bye(Clock::now());
}

void Courier::round() {
    const auto now = Clock::now();
    if (auto own = desk_.take_own()) {
        own_ = std::move(*own);
        own_is_new_ = true;
    }
    for (auto& prefix : desk_.take_removals()) {
        if (const auto parsed = config::parse_prefix(prefix)) lent_.remove(prefix, now);
        removals_.push_back({std::move(prefix), now});
    }
    while (!removals_.empty() && now - removals_.front().ordered >= LentBlocks::kLease)
        removals_.pop_front();  // by then nobody else's block of that time holds
    if (!telling_ && now >= next_try_) connect(now);
    if (telling_) converse(now);
    others_.forget(now);
    lent_.expire(now);
    publish();
}

void Courier::converse(Clock::time_point now) {
    hear(now);
    take_receipts(now);
    if (up_) tell(now);
    for (std::optional<Wire>* wire : {&telling_, &hearing_})
        if (*wire && !(*wire)->fault().empty()) return break_off(std::string((*wire)->fault()), now);
    if (up_ && now - up_since_ >= kProven) back_off_.succeeded();
}

/// Until something comes or can go, or for a short while.
void Courier::wait() {
    std::array<pollfd, 3> fds{{{desk_.fd(), POLLIN, 0}, {-1, 0, 0}, {-1, 0, 0}}};
    if (telling_) {
        fds[1] = {telling_->fd(), telling_->wanted(), 0};
        fds[2] = {hearing_->fd(), hearing_->wanted(), 0};
    }
    const auto nap = busy_ || (up_ && !reading_) ? kShortNap : kNap;
    const int found = poll(fds.data(), fds.size(), static_cast<int>(nap.count()));
    if (found > 0 && fds[0].revents != 0) desk_.calm();
    if (!telling_) return;
    const auto now = Clock::now();
    telling_->look(found > 0 ? fds[1].revents : short{0}, now);
    hearing_->look(found > 0 ? fds[2].revents : short{0}, now);
}

void Courier::connect(Clock::time_point now) {
    telling_.emplace(options_.server, now);
    hearing_.emplace(options_.server, now);
    blocks_owed_.clear();
    reading_ = false;
    for (Wire* wire : {&*telling_, &*hearing_}) greet(*wire, now);
    ask_time(now);
    hearing_->say(Words{"XREVRANGE", key(Stream::sums), "+", "-", "COUNT", "1"}, last_sums, now);
    hearing_->say(Words{"XREVRANGE", key(Stream::blocks), "+", "-", "COUNT", "1"}, last_block, now);
}

void Courier::greet(Wire& wire, Clock::time_point now) {
    if (options_.password.empty()) return;
    Words words{"AUTH"};
    if (!options_.user.empty()) words.push_back(options_.user);
    words.push_back(options_.password);
    wire.say(words, auth, now);
}

void Courier::break_off(const std::string& why, Clock::time_point now) {
    telling_.reset();
    hearing_.reset();
    next_try_ = back_off_.failed(now);
    desk_.count_break();
    desk_.set_up(up_ = false);
    if (std::exchange(away_said_, true)) return;
    put_line(stderr, fmt::format("ajar: sharing is away, {}: {}; it is tried again and again", options_.name,
                                 control::shown(why)));
}

std::string Courier::key(Stream stream) const {
    return options_.prefix + ':' +
           std::string(control::ShareFacts::kStreamNames[static_cast<std::size_t>(stream)]);
}

}  // namespace ajar::share
