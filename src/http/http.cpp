// The loop, and who comes and goes.
#include "http/http.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <optional>
#include <vector>

#include "control/post.hpp"
#include "http/answer.hpp"
#include "http/helpers.hpp"
#include "http/visit.hpp"

namespace ajar::http {
namespace {

using Clock = Visit::Clock;
using Stage = Visit::Stage;

constexpr int kHousekeepingMs = 100;
constexpr auto kNoDescriptors = std::chrono::milliseconds(100);  // a pause where the process has none left

/// Relaxed: each is whole, two need not agree.
using Count = std::atomic<std::uint64_t>;
void count(Count& c) { c.fetch_add(1, std::memory_order_relaxed); }

bool is_good(const std::string& answer) { return answer.starts_with("HTTP/1.1 2"); }

std::string too_long_answer() {
    return plain_answer(431, "Request Header Fields Too Large", "A request has 16 KiB at the most.\n");
}

std::string no_place_answer() {
    return plain_answer(503, "Service Unavailable", "Too many watch at once; try again.\n");
}

/// A feed that fails has no news.
News news_of(const Feed& feed) try { return feed(); } catch (const std::exception&) {
    return {};
}

}  // namespace

struct Http::Impl {
    Impl(Descriptor listening, const Options& wanted) : fd(std::move(listening)), options(wanted) {}

    void accept_some();
    void welcome(Descriptor descriptor);
    bool make_room();
    void look_at(std::uint64_t number, Visit& visit);
    void think(std::uint64_t number, std::string request);
    void deliver(std::uint64_t number, Answered answered);
    void begin_stream(std::uint64_t number, Visit& visit, Answered answered);
    void ask_for_news();
    void spread(News news);
    [[nodiscard]] std::vector<pollfd> wanted() const;
    [[nodiscard]] int patience() const;
    void heed(const std::vector<pollfd>& ready);
    void look_after();
    void drop(std::uint64_t number);
    void dismiss(std::uint64_t number);
    void loop();

    Descriptor fd;
    Options options;
    Routes routes;
    control::Post post;
    std::atomic<bool> stopping{false};  // relaxed: the wake that follows is the signal
    std::map<std::uint64_t, Visit> visits;
    std::map<std::uint64_t, bool> followers;  // by visit: has it been told everything once?
    std::string stream;                       // its path
    Feed feed;
    bool asked_for_news = false;
    Clock::time_point news_from{};  // not asked for before
    std::uint64_t next_visit = 1;
    Clock::time_point accepts_from{};
    Count level{0}, accepted{0}, refused{0}, slow{0}, requests{0}, faults{0}, streams{0}, streams_refused{0},
        streams_slow{0};
    std::optional<Answerer> answerer;
    std::optional<Helpers> helpers;
};

void Http::Impl::accept_some() {
    while (true) {
        Descriptor got(accept4(fd.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (got.get() >= 0) {
            welcome(std::move(got));
            continue;
        }
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            accepts_from = Clock::now() + kNoDescriptors;
        if (errno != ECONNABORTED && errno != EINTR) return;
    }
}

void Http::Impl::welcome(Descriptor descriptor) {
    const auto now = Clock::now();
    if (visits.size() < options.visitors || make_room()) {
        count(accepted);
        visits.try_emplace(next_visit++, std::move(descriptor), now);
        return;
    }
    count(refused);
    Visit crowded(std::move(descriptor), now);
    crowded.answer(plain_answer(503, "Service Unavailable", "Too many ask at once; try again.\n"), now);
    crowded.flush(now);
}

/// Who has dawdled longest gives way; nobody whose answer is under way.
bool Http::Impl::make_room() {
    auto longest = visits.end();
    for (auto at = visits.begin(); at != visits.end(); ++at) {
        const auto stage = at->second.stage();
        if (stage != Stage::asking && stage != Stage::leaving) continue;
        if (longest == visits.end() || at->second.since() < longest->second.since()) longest = at;
    }
    if (longest == visits.end()) return false;
    dismiss(longest->first);
    return true;
}

void Http::Impl::look_at(std::uint64_t number, Visit& visit) {
    if (visit.stage() != Stage::asking) return;
    const auto now = Clock::now();
    if (visit.too_long()) {
        count(requests);
        count(faults);
        visit.answer(too_long_answer(), now);
    } else if (visit.whole()) {
        count(requests);
        think(number, visit.take(now));
    }
}

void Http::Impl::think(std::uint64_t number, std::string request) {
    helpers->add([this, number, request = std::move(request)] {
        auto answered = answerer->answer(request);
        if (!is_good(answered.text)) count(faults);
        post.run([this, number, answered = std::move(answered)] { deliver(number, answered); });
    });
}

void Http::Impl::deliver(std::uint64_t number, Answered answered) {
    const auto at = visits.find(number);
    if (at == visits.end()) return;
    if (answered.follows) return begin_stream(number, at->second, std::move(answered));
    at->second.answer(std::move(answered.text), Clock::now());
}

/// Who has closed its half already gets the beginning: nothing would tell when it leaves.
void Http::Impl::begin_stream(std::uint64_t number, Visit& visit, Answered answered) {
    const auto now = Clock::now();
    if (visit.ended()) return visit.answer(std::move(answered.text), now);
    if (followers.size() >= options.streams) {
        count(streams_refused);
        count(faults);
        return visit.answer(no_place_answer(), now);
    }
    visit.follow(std::move(answered.text), now);
    followers[number] = false;
}

void Http::Impl::ask_for_news() {
    const auto now = Clock::now();
    if (followers.empty() || asked_for_news || now < news_from) return;
    asked_for_news = true;
    news_from = now + options.news_every;
    helpers->add([this] {
        auto news = std::make_shared<News>(news_of(feed));
        post.run([this, news] { spread(std::move(*news)); });
    });
}

void Http::Impl::spread(News news) {
    asked_for_news = false;
    const auto now = Clock::now();
    const auto whole = std::make_shared<const std::string>(std::move(news.whole));
    const auto changes = std::make_shared<const std::string>(std::move(news.changes));
    std::vector<std::uint64_t> behind;
    for (auto& [number, knows] : followers) {
        if (!visits.at(number).tell(knows ? changes : whole, now)) behind.push_back(number);
        knows = knows || !whole->empty();
    }
    for (const auto number : behind) dismiss(number);
}

/// Too slow.
void Http::Impl::dismiss(std::uint64_t number) {
    count(slow);
    if (followers.contains(number)) count(streams_slow);
    drop(number);
}

std::vector<pollfd> Http::Impl::wanted() const {
    std::vector<pollfd> out;
    out.push_back({post.fd(), POLLIN, 0});
    out.push_back({Clock::now() >= accepts_from ? fd.get() : -1, POLLIN, 0});
    for (const auto& [number, visit] : visits)
        out.push_back({visit.wants() == 0 ? -1 : visit.fd(), visit.wants(), 0});
    return out;
}

/// Nobody there: nothing to look after.
int Http::Impl::patience() const {
    const auto now = Clock::now();
    if (visits.empty() && now >= accepts_from) return -1;
    if (followers.empty() || asked_for_news) return kHousekeepingMs;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(news_from - now).count();
    return static_cast<int>(std::clamp<decltype(left)>(left, 0, kHousekeepingMs));
}

/// `ready` has the visits in the order of the map, which has not changed since.
void Http::Impl::heed(const std::vector<pollfd>& ready) {
    std::vector<std::uint64_t> gone;
    std::size_t i = 2;
    for (auto& [number, visit] : visits) {
        const auto events = ready[i++].revents;
        bool good = (events & (POLLERR | POLLNVAL)) == 0;
        if (good && (events & (POLLIN | POLLHUP)) != 0 && visit.stage() != Stage::answering) {
            good = visit.receive();
            if (good) look_at(number, visit);
        }
        if (!good) gone.push_back(number);
    }
    for (const auto number : gone) drop(number);
    if (ready[0].revents != 0) post.calm();
    if (ready[1].revents != 0) accept_some();
}

/// Answers out, and farewells.
void Http::Impl::look_after() {
    const auto now = Clock::now();
    std::vector<std::uint64_t> over, too_slow;
    for (auto& [number, visit] : visits) {
        if (!visit.flush(now))
            over.push_back(number);
        else if (visit.late(now, options.patience))
            (visit.stage() == Stage::leaving ? over : too_slow).push_back(number);
    }
    for (const auto number : over) drop(number);
    for (const auto number : too_slow) dismiss(number);
    level.store(visits.size(), std::memory_order_relaxed);
    streams.store(followers.size(), std::memory_order_relaxed);
}

void Http::Impl::drop(std::uint64_t number) {
    visits.erase(number);
    followers.erase(number);
}

void Http::Impl::loop() {
    while (!stopping.load(std::memory_order_relaxed)) {
        auto ready = wanted();
        if (poll(ready.data(), ready.size(), patience()) > 0) heed(ready);
        post.work();
        ask_for_news();
        look_after();
    }
}

Http::Http(Descriptor fd, const Options& options) : impl_(std::make_unique<Impl>(std::move(fd), options)) {}
Http::~Http() = default;

void Http::get(std::string path, Route route) { impl_->routes[std::move(path)] = std::move(route); }

void Http::stream(std::string path, Feed feed) {
    impl_->stream = std::move(path);
    impl_->feed = std::move(feed);
}

void Http::run() {
    impl_->answerer.emplace(impl_->routes, impl_->options.local, impl_->stream);
    impl_->helpers.emplace(impl_->options.helpers);
    impl_->loop();
    impl_->helpers.reset();
    impl_->visits.clear();
    impl_->followers.clear();
}

void Http::stop() {
    impl_->stopping.store(true, std::memory_order_relaxed);
    impl_->post.wake();
}

HttpFacts Http::facts() const {
    const auto read = [](const Count& c) { return c.load(std::memory_order_relaxed); };
    return {read(impl_->level),   read(impl_->accepted),        read(impl_->refused),
            read(impl_->slow),    read(impl_->requests),        read(impl_->faults),
            read(impl_->streams), read(impl_->streams_refused), read(impl_->streams_slow)};
}

}  // namespace ajar::http
