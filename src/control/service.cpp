// One function a verb.
#include "control/service.hpp"

#include <fmt/format.h>

#include <utility>

#include "control/talkers.hpp"
#include "export/json.hpp"

namespace ajar::control {
namespace {

using exporting::Json;

Deadline in(std::chrono::milliseconds time, const Deadline::Unwanted& unwanted) {
    return {std::chrono::steady_clock::now() + time, unwanted};
}

std::string flows_text(const std::vector<Seen>& flows, Time now, const Policy& policy) {
    exporting::Text text;
    exporting::put(text, ",\"flows\":[");
    for (const Seen& flow : flows) {
        if (&flow != &flows.front()) text.push_back(',');
        put_flow(text, flow, now, policy);
    }
    text.push_back(']');
    return fmt::to_string(text);
}

std::string page_text(const Box& box, const Page& page) {
    return fmt::format("{},\"cursor\":{},\"scanned\":{}", flows_text(page.flows, box.now(), *box.policy()),
                       page.next ? Json::quoted(page.next->text()) : "null", page.scanned);
}

Fault too_long() {
    return {Code::too_long,
            "the tables are too large to be looked at within 10 s; narrow it down by --worker, or "
            "list without an order"};
}

Fault no_such_flow(const Request& request) {
    return {Code::not_found, fmt::format("no living connection {}", shown(request.text("flow")))};
}

std::optional<Action> action_of(const Request& request) {
    const auto reset = request.words("reset");
    if (reset.empty() || reset.front() == 0) return std::nullopt;
    return reset.front() == 1 ? Action::evict_reset : Action::evict;
}

struct ListTerms {
    std::optional<SortBy> sort{};
    bool reverse = false, count = false;
    std::size_t limit = Service::kMostRows;
    Cursor from{};
};

/// Nothing where the cursor is none, or none of this list.
std::optional<ListTerms> list_terms(const Request& request) {
    ListTerms out;
    if (const auto sort = request.words("sort"); !sort.empty()) out.sort = static_cast<SortBy>(sort.front());
    out.reverse = request.has("reverse");
    out.count = request.has("count");
    out.limit = std::min<std::uint64_t>(request.count("limit", Service::kMostRows), Service::kMostRows);
    if (!request.has("cursor")) return out;
    const auto from = Cursor::parse(request.text("cursor"));
    if (!from || from->after.has_value() != out.sort.has_value()) return std::nullopt;
    out.from = *from;
    return out;
}

Page page_for(const Box& box, const Filter& filter, const ListTerms& terms,
              const Deadline::Unwanted& unwanted) {
    if (terms.count) return count_flows(box, filter, in(Service::kScanTime, unwanted));
    if (terms.sort)
        return sorted_page(box, filter, *terms.sort, terms.reverse, terms.from, terms.limit,
                           in(Service::kScanTime, unwanted));
    return list_page(box, filter, terms.from, terms.limit, in(Service::kPageTime, unwanted));
}

std::string ages_text(const Box& box) {
    Json list('[');
    const auto counts = ages(box);
    for (std::size_t i = 0; i < counts.size(); ++i) {
        Json band;
        if (i < kEmbryonicAgeBounds.size())
            band.member("below", static_cast<std::uint64_t>(kEmbryonicAgeBounds[i].count()));
        list.item(band.member("flows", counts[i]).text());
    }
    return ",\"embryonic_ages\":" + list.text();
}

}  // namespace

Service::Service(Box& box, std::shared_ptr<Post> post, std::size_t history, Outlet outlet)
    : box_(box), post_(std::move(post)), outlet_(std::move(outlet)), history_(history), orders_(box) {}

Service::~Service() {
    for (const auto& [client, unwanted] : looking_) unwanted->store(true);
}

void Service::serve(const Request& request, const Ticket& ticket) {
    switch (request.verb().id) {
        case VerbId::list:
            return list(request, ticket);
        case VerbId::get:
            return get(request, ticket);
        case VerbId::explain:
            return explain(request, ticket);
        case VerbId::evict:
            return evict(request, ticket);
        case VerbId::flush:
            return flush(request, ticket);
        case VerbId::events:
            return events(request, ticket);
        case VerbId::stats:
            return stats(request, ticket);
        case VerbId::posture:
            return errand({Errand::What::posture, {}, {}}, ticket);
        case VerbId::block:
            return errand({Errand::What::block, request.text("prefix"), request.duration("for")}, ticket);
        case VerbId::unblock:
            return errand({Errand::What::unblock, request.text("prefix"), {}}, ticket);
        case VerbId::reload:
            return errand({Errand::What::reload, {}, {}}, ticket);
        case VerbId::profile:
            return errand({Errand::What::profile, request.text("name"), {}}, ticket);
        case VerbId::config:
            return errand({Errand::What::config, request.text("name"), {}}, ticket);
        case VerbId::top:
            break;  // no request: Request::parse() lets none pass
    }
}

void Service::forget(std::uint64_t client) {
    if (following_.erase(client) != 0) follow_as_wanted();
    std::erase_if(waiting_, [&](const Waiting& one) { return one.ticket.client == client; });
    if (const auto at = looking_.find(client); at != looking_.end()) at->second->store(true);
}

void Service::follow_as_wanted() {
    box_.follow_all(std::any_of(following_.begin(), following_.end(),
                                [](const auto& f) { return f.second.follower.wants_all(); }));
}

void Service::refuse(const Ticket& ticket, const Fault& fault) {
    ++faults_;
    outlet_.send(ticket, fault_line(ticket, fault), true);
}

void Service::scan(const Ticket& ticket, Look look, Then then) {
    if (!then)
        then = [this, ticket](const Found& found) {
            found.fault ? refuse(ticket, *found.fault) : answer(ticket, found.members);
        };
    waiting_.push_back({ticket, std::move(look), std::move(then)});
    begin_looks();
}

void Service::begin_looks() {
    while (!waiting_.empty() && looking_.size() < kMostLooks && outlet_.has_room()) {
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        begin(std::move(next));
    }
}

// A client asks one thing after the other, and its number is never another's. The scanner is made here, for
// its threads to be like the server's.
void Service::begin(Waiting&& waiting) {
    if (!scanner_) scanner_.emplace();
    const auto client = waiting.ticket.client;
    auto unwanted = std::make_shared<std::atomic<bool>>(false);
    looking_[client] = unwanted;
    scanner_->run([this, post = post_, client, unwanted = std::move(unwanted), look = std::move(waiting.look),
                   then = std::move(waiting.then)] {
        auto found = std::make_shared<Found>(look(unwanted));
        post->run([this, client, unwanted, then, found] {
            looking_.erase(client);
            if (!unwanted->load()) then(std::move(*found));
        });
    });
}

void Service::list(const Request& request, const Ticket& ticket) {
    auto filter = Filter::of(request);
    if (!filter) return refuse(ticket, {Code::bad_value, filter.error()});
    filter->remember(flags());
    const auto terms = list_terms(request);
    if (!terms) return refuse(ticket, {Code::bad_value, "cursor: not of a list like this one"});
    scan(ticket,
         [&box = std::as_const(box_), filter = std::move(*filter),
          terms = *terms](const auto& unwanted) -> Found {
             const Page page = page_for(box, filter, terms, unwanted);
             if (page.late) return {{}, too_long()};
             if (terms.count)
                 return {fmt::format(",\"count\":{},\"scanned\":{}", page.matched, page.scanned)};
             return {page_text(box, page)};
         });
}

/// Of the flows whose flags are among the events that are remembered.
std::shared_ptr<const FlagReasons> Service::flags() {
    if (flags_) return flags_;
    auto out = std::make_shared<FlagReasons>();
    for (std::size_t i = 0; i < history_.size(); ++i)
        if (history_[i].kind == EventKind::flagged) (*out)[history_[i].flow_id] = history_[i].reason;
    return flags_ = std::move(out);
}

void Service::remember(const Event& event) {
    history_.add(event);
    flags_.reset();
}

void Service::get(const Request& request, const Ticket& ticket) {
    auto name = FlowName::parse(request.text("flow"));
    if (!name) return refuse(ticket, {Code::bad_value, name.error()});
    Filter everything;
    everything.remember(flags());
    scan(ticket,
         [&box = std::as_const(box_), name = std::move(*name), everything,
          none = no_such_flow(request)](const auto& unwanted) -> Found {
             const Page page = find_flows(box, name, in(kScanTime, unwanted), everything);
             if (page.late) return {{}, too_long()};
             if (page.flows.empty()) return {{}, none};
             return {flows_text(page.flows, box.now(), *box.policy())};
         });
}

void Service::explain(const Request& request, const Ticket& ticket) {
    auto name = FlowName::parse(request.text("flow"));
    if (!name) return refuse(ticket, {Code::bad_value, name.error()});
    Filter everything;
    everything.remember(flags());
    std::vector<std::size_t> its;
    for (std::size_t i = history_.size(); i-- > 0 && its.size() < kMostTold;)
        if (name->names(seen_of(history_[i]))) its.push_back(i);
    Json events('[');
    for (auto i = its.rbegin(); i != its.rend(); ++i) events.item(event_text(history_[*i]));
    const auto told = fmt::format(",\"events\":{},\"remembered\":{}", events.text(), history_.size());
    scan(ticket,
         [&box = std::as_const(box_), name = std::move(*name), everything,
          told](const auto& unwanted) -> Found {
             const Page page = find_flows(box, name, in(kScanTime, unwanted), everything);
             return {told + flows_text(page.flows, box.now(), *box.policy())};
         });
}

void Service::finish_orders(const Ticket& ticket, const OrderBook::Outcome& outcome) {
    if (outcome.stalled)
        return refuse(ticket,
                      {Code::failed, fmt::format("the workers have not carried it out within 5 s; {} evicted",
                                                 outcome.evicted)});
    answer(ticket, fmt::format(",\"evicted\":{},\"gone\":{},\"mode\":\"{}\"", outcome.evicted, outcome.gone,
                               ajar::name(box_.policy()->mode)));
}

void Service::evict(const Request& request, const Ticket& ticket) {
    if (const auto why = box_.refuses_orders(); !why.empty())
        return refuse(ticket, {Code::not_now, std::string(why)});
    auto name = FlowName::parse(request.text("flow"));
    if (!name) return refuse(ticket, {Code::bad_value, name.error()});
    const auto look = [&box = std::as_const(box_), name = std::move(*name),
                       none = no_such_flow(request)](const auto& unwanted) -> Found {
        Page page = find_flows(box, name, in(kScanTime, unwanted));
        if (page.late) return {{}, too_long()};
        if (page.flows.empty()) return {{}, none};
        return {{}, {}, std::move(page.flows)};
    };
    scan(ticket, look, [this, ticket, action = action_of(request)](const Found& found) {
        if (found.fault) return refuse(ticket, *found.fault);
        if (orders_.full())
            return refuse(ticket, {Code::busy, "too many evictions are under way; try again"});
        orders_.evict(found.flows, action,
                      [this, ticket](const auto& outcome) { finish_orders(ticket, outcome); });
    });
}

void Service::flush(const Request& request, const Ticket& ticket) {
    if (const auto why = box_.refuses_orders(); !why.empty())
        return refuse(ticket, {Code::not_now, std::string(why)});
    auto filter = Filter::of(request);
    if (!filter) return refuse(ticket, {Code::bad_value, filter.error()});
    filter->remember(flags());
    if (filter->selects_all() != request.has("all"))
        return refuse(ticket, {Code::bad_request, "give a filter, or --all and none"});
    if (orders_.full()) return refuse(ticket, {Code::busy, "too many evictions are under way; try again"});
    orders_.flush(std::move(*filter), action_of(request),
                  [this, ticket](const auto& outcome) { finish_orders(ticket, outcome); });
}

void Service::events(const Request& request, const Ticket& ticket) {
    auto follower = Follower::of(request);
    if (!follower) return refuse(ticket, {Code::bad_value, follower.error()});
    const bool follow = !request.has("no-follow");
    if (!outlet_.has_room())
        return refuse(ticket, {Code::busy, "too much waits to be read by others; try again"});
    std::vector<std::size_t> wanted;
    const auto most = std::min<std::uint64_t>(request.count("recent", 0), kMostRows);
    for (std::size_t i = history_.size(); i-- > 0 && wanted.size() < most;)
        if (follower->wants(history_[i])) wanted.push_back(i);
    std::string lines =
        answer_line(ticket, fmt::format(",\"following\":{},\"recent\":{}", follow, wanted.size()));
    for (auto i = wanted.rbegin(); i != wanted.rend(); ++i)
        lines += stream_line(ticket, "event", event_text(history_[*i]));
    if (!follow) lines += stream_line(ticket, "end", "true");
    outlet_.send(ticket, std::move(lines), true);
    if (!follow) return;
    following_.insert_or_assign(ticket.client, Following{ticket, std::move(*follower)});
    follow_as_wanted();
}

// How full the tables are is read beside main, which has better things to do than to walk through
// directories.
void Service::stats(const Request& request, const Ticket& ticket) {
    const auto look = [&box = std::as_const(box_), with_ages = request.has("ages"),
                       with_talkers = request.has("talkers")](const auto& /*unwanted*/) -> Found {
        Found out{(with_ages ? ages_text(box) : "") + (with_talkers ? talkers_text(box) : "")};
        for (const Tracker* tracker : box.trackers()) out.tables.push_back(tracker->occupancy());
        return out;
    };
    scan(ticket, look, [this, ticket](const Found& found) {
        const auto told = [this, ticket, found](const Answer& got) {
            Facts facts = *got.facts;
            for (std::size_t i = 0; i < std::min(facts.workers.size(), found.tables.size()); ++i)
                facts.workers[i].tables = found.tables[i];
            ServerFacts own = outlet_.facts();
            add_to(own);
            own.events_lost += facts.control_events_lost;
            answer(ticket, members_of(facts, own) + found.members);
        };
        const bool asked = box_.ask({Errand::What::facts, {}, {}}, [post = post_, told](const Answer& got) {
            post->run([told, got] { told(got); });
        });
        if (!asked) refuse(ticket, {Code::busy, "main has too much to do; try again"});
    });
}

void Service::errand(Errand errand, const Ticket& ticket) {
    const auto told = [this, ticket](const Answer& got) {
        got.good ? answer(ticket, got.text) : refuse(ticket, {Code::failed, got.text});
    };
    const bool asked = box_.ask(std::move(errand), [post = post_, told](const Answer& got) {
        post->run([told, got] { told(got); });
    });
    if (!asked) refuse(ticket, {Code::busy, "main has too much to do; try again"});
}

bool Service::work() {
    auto& ring = box_.events();
    Event event;
    std::size_t left = ring.capacity();
    for (; left > 0 && ring.pop(event); --left) {
        if (tells_something(event)) remember(event);
        stream(event);
    }
    stream_changes();
    for (auto& [client, to] : following_) tell_loss(to);
    begin_looks();
    return orders_.work() || left == 0;
}

void Service::stream(const Event& event) {
    std::string text;
    for (auto& [client, to] : following_) {
        if (!to.follower.wants(event)) continue;
        if (text.empty()) text = event_text(event);
        tell(to, "event", text);
    }
}

void Service::stream_changes() {
    for (const auto& line : box_.changes())
        for (auto& [client, to] : following_)
            if (to.follower.wants_defence()) tell(to, "event", line);
}

/// True: nothing is lost that was not told.
bool Service::tell_loss(Following& to) {
    if (to.lost != 0 && outlet_.stream(to.ticket, stream_line(to.ticket, "lost", std::to_string(to.lost))))
        to.lost = 0;
    return to.lost == 0;
}

/// What was lost is told before what comes after it.
void Service::tell(Following& to, std::string_view name, const std::string& json) {
    if (tell_loss(to) && outlet_.stream(to.ticket, stream_line(to.ticket, name, json))) {
        ++events_sent_;
    } else {
        ++to.lost;
        ++events_lost_;
    }
}

}  // namespace ajar::control
