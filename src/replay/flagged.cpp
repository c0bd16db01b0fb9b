// Noting, finding, writing.
#include "replay/flagged.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "export/packets/flagged_packets.hpp"
#include "export/packets/pcapng.hpp"
#include "replay/input.hpp"
#include "replay/prepare.hpp"
#include "tracker/work.hpp"

namespace ajar::replay {
namespace {

TupleName tuple_of(const Packet& packet) {
    return {packet.family == Family::ipv4 ? tracker::wide(packet.v4) : packet.v6, packet.family};
}

/// Ordered by address alone, as a fragment's key is; a flow's is ordered by address first.
TupleName hosts_of(TupleName name) {
    name.key.port = {};
    return name;
}

/// A pcapng file that is written once.
class File {
public:
    static Result<File> open(const std::string& path) {
        File out(std::fopen(path.c_str(), "wb"));
        if (out.file_) return out;
        return Error{
            fmt::format("cannot write {}: {}; give a file in a directory that exists and may be written to",
                        path, std::strerror(errno))};
    }
    void add(LinkType link, Time time, std::span<const std::uint8_t> bytes, std::uint32_t wire_length,
             std::string_view comment) {
        text_.clear();
        if (links_.empty()) exporting::pcapng::put_section(text_, "Ajar");
        const std::uint32_t number = interface_of(link);
        exporting::pcapng::put_frame(text_, number, time, bytes, wire_length, comment);
        put();
    }
    /// False, with errno, if anything could not be written.
    bool close() {
        if (links_.empty()) {  // no frame: a file of none
            text_.clear();
            exporting::pcapng::put_section(text_, "Ajar");
            exporting::pcapng::put_interface(text_, LinkType::ethernet, {}, 0);
            put();
        }
        return std::fclose(file_.release()) == 0 && good_;
    }

private:
    struct Close {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    explicit File(std::FILE* file) : file_(file) {}

    /// Described at its first frame.
    std::uint32_t interface_of(LinkType link) {
        const auto known = std::find(links_.begin(), links_.end(), link);
        if (known == links_.end()) {
            exporting::pcapng::put_interface(text_, link, {}, 0);
            links_.push_back(link);
            return static_cast<std::uint32_t>(links_.size() - 1);
        }
        return static_cast<std::uint32_t>(known - links_.begin());
    }
    void put() { good_ = std::fwrite(text_.data(), 1, text_.size(), file_.get()) == text_.size() && good_; }

    std::unique_ptr<std::FILE, Close> file_;
    std::vector<LinkType> links_;
    std::string text_;
    bool good_ = true;
};

/// Is the frame of a flagged flow? Its comment, where it is the first.
bool is_wanted(FlaggedFlows& flows, const Packet& packet, std::string& comment) {
    const TupleName name = tuple_of(packet);
    if (packet.kind == PacketKind::fragment) return flows.between(hosts_of(name), packet.time);
    if (packet.kind != PacketKind::tcp && packet.kind != PacketKind::icmp_error) return false;
    auto* const span = flows.find(name, packet.time);
    if (span == nullptr) return false;
    comment = std::exchange(span->comment, {});
    return true;
}

}  // namespace

std::size_t TupleHash::operator()(const TupleName& name) const {
    return std::hash<std::string_view>()({reinterpret_cast<const char*>(&name.key), sizeof name.key});
}

bool FlaggedFlows::add(const Event& event) {
    if (event.kind == EventKind::flow_end) {
        if (const auto known = flagged_.find(event.flow_id); known != flagged_.end())
            end(event, known->second);
        return false;
    }
    if (!exporting::flags_flow(event.kind)) return false;
    if (flagged_.size() == kMost && !flagged_.contains(event.flow_id)) {
        ++left_out_;
        return false;
    }
    flagged_.try_emplace(event.flow_id, exporting::comment_on(event));
    return true;
}

void FlaggedFlows::end(const Event& event, std::string comment) {
    const TupleName name{event.key, event.family};
    spans_[name].push_back({event.begun(), event.time, event.flow_id, std::move(comment)});
    hosts_[hosts_of(name)].push_back({event.begun(), event.time});
}

FlaggedFlows::Span* FlaggedFlows::find(const TupleName& tuple, Time at) {
    const auto found = spans_.find(tuple);
    if (found == spans_.end()) return nullptr;
    const auto span = std::find_if(found->second.begin(), found->second.end(),
                                   [&](const Span& s) { return s.begin <= at && at <= s.end; });
    return span == found->second.end() ? nullptr : &*span;
}

bool FlaggedFlows::between(const TupleName& hosts, Time at) const {
    const auto found = hosts_.find(hosts);
    return found != hosts_.end() && std::any_of(found->second.begin(), found->second.end(),
                                                [&](const auto& s) { return s[0] <= at && at <= s[1]; });
}

Result<std::uint64_t> write_flagged(const ReplayOptions& options, FlaggedFlows& flows) {
    auto file = File::open(options.packets_file);
    if (!file) return Error{file.error()};
    Input input(options.files, Keep::whole);
    const Prepare prepare(options, 1);
    Chunk chunk;
    std::uint64_t written = 0;
    std::string comment;
    do {
        chunk.clear();
        input.fill(chunk);
        prepare.parse(chunk);
        for (std::size_t i = 0; i < chunk.frames.size(); ++i) {
            const Frame& frame = chunk.frames[i];
            if (!is_wanted(flows, chunk.packets[i], comment)) continue;
            file->add(frame.link, frame.time, {chunk.bytes.data() + frame.offset, frame.kept},
                      frame.wire_length, comment);
            ++written;
        }
    } while (!chunk.last);
    if (file->close()) return written;
    return Error{fmt::format("cannot write {}: {}", options.packets_file, std::strerror(errno))};
}

}  // namespace ajar::replay
