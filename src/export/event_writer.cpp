// Which event goes where.
#include "export/event_writer.hpp"

#include "export/changes.hpp"
#include "export/event_json.hpp"

namespace ajar::exporting {
namespace {

using Writer = std::unique_ptr<LineWriter>;
constexpr auto kFlushEvery = std::chrono::seconds(1);

/// What is wrong with each of several things that were tried, a line each.
class Faults {
public:
    template <typename T>
    void note(const Result<T>& tried) {
        if (tried) return;
        if (!text_.empty()) text_ += '\n';
        text_ += tried.error();
    }
    [[nodiscard]] Result<bool> verdict() const {
        if (text_.empty()) return true;
        return Error{text_};
    }

private:
    std::string text_;
};

template <typename T>
Result<bool> keep(Result<std::unique_ptr<T>> opened, std::unique_ptr<T>& place) {
    if (!opened) return Error{opened.error()};
    place = std::move(*opened);
    return true;
}

}  // namespace

Result<EventWriter> EventWriter::open(const Outputs& to) {
    EventWriter out;
    out.flow_ends_ = to.flow_ends;
    for (auto [writer, target] : {std::pair(&out.events_, &to.events), std::pair(&out.flows_, &to.flows)}) {
        if (target->empty()) continue;
        auto kept = keep(LineWriter::open(*target, to.begin, to.patience, to.rotation), *writer);
        if (!kept) return Error{kept.error()};
    }
    if (auto opened = out.open_packets(to.packets); !opened) return Error{opened.error()};
    if (to.ipfix.collector.empty()) return out;
    auto kept = keep(ipfix::Exporter::open(to.ipfix, to.begin, to.patience), out.ipfix_);
    if (!kept) return Error{kept.error()};
    return out;
}

Result<bool> EventWriter::open_packets(const PacketOutput& to) {
    if (to.folder.empty()) return true;
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    auto files = PacketFiles::open(to.folder, to.limits, to.interfaces, now);
    if (!files) return Error{files.error()};
    packets_ = std::make_unique<FlaggedPackets>(std::move(*files), to.packets);
    return true;
}

void EventWriter::write(const Event& event, std::string_view capture_file) {
    const bool record = event.kind == EventKind::flow_end;
    if (record && ipfix_) ipfix_->add(event);
    std::string own;
    if (packets_) capture_file = own = packets_->hear(event);
    if (events_ && (!record || flow_ends_)) {
        append_event(events_->text(), event, capture_file);
        events_->committed();
    }
    if (flows_ && record) {
        append_flow(flows_->text(), event);
        flows_->committed();
    }
}

void EventWriter::write(const Change& change) {
    if (!events_) return;
    append_change(events_->text(), change);
    events_->committed();
}

void EventWriter::flush_lines() {
    if (events_) events_->flush();
    if (flows_) flows_->flush();
    if (packets_) packets_->flush();
}

void EventWriter::flush() {
    flush_lines();
    if (ipfix_) ipfix_->finish();
}

void EventWriter::look() {
    if (ipfix_) ipfix_->look();
    const auto now = std::chrono::steady_clock::now();
    if (now < next_flush_) return;
    next_flush_ = now + kFlushEvery;
    flush_lines();
}

Result<bool> EventWriter::reopen() {
    Faults faults;
    for (const auto* writer : {&events_, &flows_})
        if (*writer) faults.note((*writer)->reopen());
    if (ipfix_) faults.note(ipfix_->reopen());
    return faults.verdict();
}

std::uint64_t EventWriter::written() const {
    return (events_ ? events_->written() : 0) + (flows_ ? flows_->written() : 0);
}

std::uint64_t EventWriter::lost() const {
    return (events_ ? events_->lost() : 0) + (flows_ ? flows_->lost() : 0);
}

}  // namespace ajar::exporting
