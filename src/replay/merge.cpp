// Merging captures by time: a file is open from its first frame's turn to its last.
#include "replay/merge.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <tuple>

namespace ajar::replay {
namespace {

/// A pipe's frames can be read only once: it stays open.
bool can_reopen(const std::string& path) {
    struct stat status {};
    return path != "-" && stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

}  // namespace

Merge::Merge(const std::vector<std::string>& files) {
    for (const auto& path : files) {
        Source source{waiting_.size(), path, {}, std::nullopt, {}};
        peek(source, files.size() == 1);
        waiting_.push_back(std::move(source));
    }
    std::ranges::stable_sort(waiting_, [](const Source& a, const Source& b) {
        return std::tie(a.due, a.rank) > std::tie(b.due, b.rank);
    });
}

/// Learns when a file's turn comes. One that cannot be read is due at once, and complained of then.
void Merge::peek(Source& source, bool alone) {
    if (alone || !can_reopen(source.path)) return;
    auto reader = CaptureReader::open(source.path);
    Record first;
    if (reader && reader->next(first) == CaptureReader::Status::record) source.due = first.time;
}

const Record* Merge::next() {
    if (taken_ != nullptr) {
        const bool more = advance(*taken_);
        if (more && open_.size() == 1 && waiting_.empty()) return &taken_->head;  // nothing to compare with
        if (!more) open_.erase(open_.begin() + (taken_ - open_.data()));
    }
    open_due();
    taken_ = earliest();
    return taken_ == nullptr ? nullptr : &taken_->head;
}

void Merge::open_due() {
    while (!waiting_.empty()) {
        const Source* const first = earliest();
        if (first != nullptr && first->due < waiting_.back().due) return;
        Source source = std::move(waiting_.back());
        waiting_.pop_back();
        if (open(source)) open_.push_back(std::move(source));
    }
}

bool Merge::open(Source& source) {
    auto reader = CaptureReader::open(source.path);
    if (!reader) {
        complaints_.warnings.push_back(reader.error());
        complaints_.failed = true;
        return false;
    }
    source.reader.emplace(std::move(*reader));
    return advance(source);
}

/// Reads the source's next frame. False: it has none, and its bytes are counted as passed.
bool Merge::advance(Source& source) {
    using Status = CaptureReader::Status;
    const auto status = source.reader->next(source.head);
    source.due = source.head.time;
    if (status == Status::record) return true;
    if (status != Status::end) complaints_.warnings.push_back(source.reader->error());
    if (status == Status::broken) complaints_.failed = true;
    passed_ += source.reader->position();
    return false;
}

Merge::Source* Merge::earliest() {
    if (open_.empty()) return nullptr;
    return &*std::ranges::min_element(open_, [](const Source& a, const Source& b) {
        return std::tie(a.due, a.rank) < std::tie(b.due, b.rank);
    });
}

std::uint64_t Merge::position() const {
    std::uint64_t sum = passed_;
    for (const Source& source : open_) sum += source.reader->position();
    return sum;
}

}  // namespace ajar::replay
