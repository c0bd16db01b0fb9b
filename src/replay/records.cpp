// Which event goes to which file.
#include "replay/records.hpp"

#include "export/event_json.hpp"

namespace ajar::replay {

Result<std::unique_ptr<exporting::LineWriter>> begin_file(const std::string& path) {
    if (path.empty()) return std::unique_ptr<exporting::LineWriter>();
    return exporting::LineWriter::open(path, exporting::Begin::anew);
}

Result<Records> Records::open(const std::string& events_path, const std::string& flows_path,
                              bool flow_ends_are_events) {
    auto events = begin_file(events_path);
    if (!events) return Error{events.error()};
    auto flows = begin_file(flows_path);
    if (!flows) return Error{flows.error()};
    Records records;
    records.events_ = std::move(*events);
    records.flows_ = std::move(*flows);
    records.flow_ends_are_events_ = flow_ends_are_events;
    return records;
}

void Records::write(const Event& event) {
    const bool flow_end = event.kind == EventKind::flow_end;
    if (flows_ != nullptr && flow_end) {
        exporting::append_flow(flows_->text(), event);
        flows_->committed();
    }
    if (events_ != nullptr && (!flow_end || flow_ends_are_events_)) {
        exporting::append_event(events_->text(), event);
        events_->committed();
    }
}

void Records::flush() {
    for (auto* writer : {events_.get(), flows_.get()})
        if (writer != nullptr) writer->flush();
}

std::uint64_t Records::lost() const {
    return (events_ ? events_->lost() : 0) + (flows_ ? flows_->lost() : 0);
}

}  // namespace ajar::replay
