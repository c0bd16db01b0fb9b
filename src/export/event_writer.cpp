// Which event goes where.
#include "export/event_writer.hpp"

#include "export/changes.hpp"
#include "export/event_json.hpp"

namespace ajar::exporting {
namespace {

using Writer = std::unique_ptr<LineWriter>;
constexpr auto kFlushEvery = std::chrono::seconds(1);

/// Empty where there is nothing to complain about.
std::string open_into(Writer& writer, const std::string& target, Begin begin, const Patience& patience,
                      const Rotation& rotation) {
    if (target.empty()) return {};
    auto opened = LineWriter::open(target, begin, patience, rotation);
    if (!opened) return opened.error();
    writer = std::move(*opened);
    return {};
}

std::string reopen_one(const Writer& writer) {
    if (!writer) return {};
    const auto done = writer->reopen();
    return done ? std::string() : done.error();
}

}  // namespace

Result<EventWriter> EventWriter::open(const std::string& events, const std::string& flows, Begin begin,
                                      const Patience& patience, const Rotation& rotation) {
    EventWriter out;
    for (auto [writer, target] : {std::pair(&out.events_, &events), std::pair(&out.flows_, &flows)})
        if (auto fault = open_into(*writer, *target, begin, patience, rotation); !fault.empty())
            return Error{std::move(fault)};
    return out;
}

void EventWriter::write(const Event& event) {
    const bool record = event.kind == EventKind::flow_end;
    const Writer& writer = record ? flows_ : events_;
    if (!writer) return;
    (record ? append_flow : append_event)(writer->text(), event);
    writer->committed();
}

void EventWriter::write(const Change& change) {
    if (!events_) return;
    append_change(events_->text(), change);
    events_->committed();
}

void EventWriter::flush() {
    if (events_) events_->flush();
    if (flows_) flows_->flush();
}

void EventWriter::flush_in_time() {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_flush_) return;
    next_flush_ = now + kFlushEvery;
    flush();
}

Result<bool> EventWriter::reopen() {
    auto fault = reopen_one(events_);
    const auto second = reopen_one(flows_);
    if (!fault.empty() && !second.empty()) fault += '\n';
    fault += second;
    if (fault.empty()) return true;
    return Error{std::move(fault)};
}

std::uint64_t EventWriter::written() const {
    return (events_ ? events_->written() : 0) + (flows_ ? flows_->written() : 0);
}

std::uint64_t EventWriter::lost() const {
    return (events_ ? events_->lost() : 0) + (flows_ ? flows_->lost() : 0);
}

}  // namespace ajar::exporting
