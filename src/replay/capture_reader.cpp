// Reading captures by libpcap: which link types are known, and what is said of a file that cannot be read.
#include "replay/capture_reader.hpp"

#include <fmt/core.h>
#include <pcap/pcap.h>
#include <stdio_ext.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

#include "ajar/packet/capture_time.hpp"

namespace ajar::replay {
namespace {

constexpr std::size_t kBuffer = 1U << 20U;

/// libpcap's DLT_ value of an open file; DLT_RAW differs from the number in the file.
std::optional<LinkType> link_of(int dlt) {
    switch (dlt) {
        case DLT_NULL:
            return LinkType::null;
        case DLT_EN10MB:
            return LinkType::ethernet;
        case DLT_PPP:
            return LinkType::ppp;
        case DLT_RAW:
            return LinkType::raw;
        case DLT_LOOP:
            return LinkType::loop;
        case DLT_LINUX_SLL:
            return LinkType::linux_sll;
        case DLT_LINUX_SLL2:
            return LinkType::linux_sll2;
        case DLT_IPV4:
            return LinkType::ipv4;
        case DLT_IPV6:
            return LinkType::ipv6;
        case DLT_NFLOG:
            return LinkType::nflog;
        default:
            return std::nullopt;
    }
}

/// What a file that libpcap refused is, by its first bytes, as advice; empty where they tell nothing.
std::string advice(std::FILE* file, const std::string& path) {
    std::array<unsigned char, 4> magic{};
    if (std::fseek(file, 0, SEEK_SET) != 0) return {};
    const auto n = std::fread(magic.data(), 1, magic.size(), file);
    const auto starts = [&](std::string_view with) {
        return n >= with.size() && std::memcmp(magic.data(), with.data(), with.size()) == 0;
    };
    if (n == 0) return "the file is empty; a capture has at least a file header";
    if (starts("\x1f\x8b")) return fmt::format("it is compressed; try: gunzip -c {} | ajar replay -", path);
    if (starts("\x28\xb5\x2f\xfd"))
        return fmt::format("it is compressed; try: zstdcat {} | ajar replay -", path);
    if (starts("\xfd"
               "7zX"))
        return fmt::format("it is compressed; try: xzcat {} | ajar replay -", path);
    return {};
}

Error refused(const std::string& path, std::FILE* file, std::string_view why) {
    const auto hint = file == stdin ? std::string() : advice(file, path);
    return {hint.empty() ? fmt::format("{}: no pcap or pcapng capture: {}", path, why)
                         : fmt::format("{}: no pcap or pcapng capture: {}", path, hint)};
}

Error unknown_link(const std::string& path, int dlt) {
    const char* name = pcap_datalink_val_to_name(dlt);
    return {fmt::format(
        "{}: link type {} ({}) is not known to ajar; known are Ethernet, raw IP, PPP, null/loopback, "
        "Linux cooked (SLL, SLL2) and NFLOG",
        path, name != nullptr ? name : "unnamed", dlt)};
}

/// libpcap reads a pcapng file of several interfaces only where they are alike.
std::string_view remedy(std::string_view why) {
    if (why.find("of the first interface") == std::string_view::npos) return {};
    return "; libpcap wants all interfaces of a file alike: write the frames of one kind to a file of their "
           "own (tshark -Y frame.interface_id==0) or, where all are Ethernet, editcap -T ether -F pcap IN "
           "OUT";
}

}  // namespace

void CaptureReader::Close::operator()(pcap* handle) const { pcap_close(handle); }

CaptureReader::CaptureReader(std::string path, LinkType link) : path_(std::move(path)), link_(link) {}

Result<CaptureReader> CaptureReader::open(const std::string& path) {
    const bool standard_input = path == "-";
    std::FILE* file = standard_input ? stdin : std::fopen(path.c_str(), "rb");
    if (file == nullptr) return Error{fmt::format("{}: cannot be opened: {}", path, std::strerror(errno))};
    __fsetlocking(file, FSETLOCKING_BYCALLER);
    std::unique_ptr<char[]> buffer;
    if (!standard_input) {
        buffer = std::make_unique<char[]>(kBuffer);
        std::setvbuf(file, buffer.get(), _IOFBF, kBuffer);
    }
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    std::unique_ptr<pcap, Close> handle(
        pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why.data()));
    if (handle == nullptr) {
        auto error = refused(standard_input ? "standard input" : path, file, why.data());
        if (!standard_input) std::fclose(file);
        return error;
    }
    const auto link = link_of(pcap_datalink(handle.get()));
    if (!link) return unknown_link(path, pcap_datalink(handle.get()));
    CaptureReader reader(path, *link);
    reader.buffer_ = std::move(buffer);
    reader.handle_ = std::move(handle);
    reader.file_ = file;
    if (!standard_input)
        reader.walk_ = PcapWalk::begin(file, static_cast<std::uint32_t>(pcap_snapshot(reader.handle_.get())));
    return reader;
}

CaptureReader::Status CaptureReader::next(Record& record) {
    record.link = link_;
    if (!walk_) return next_by_libpcap(record);
    if (walk_->next(record)) {
        ++records_;
        return Status::record;
    }
    if (fseeko(file_, static_cast<off_t>(walk_->offset()), SEEK_SET) != 0) return stop();
    walk_.reset();
    return next_by_libpcap(record);
}

CaptureReader::Status CaptureReader::next_by_libpcap(Record& record) {
    pcap_pkthdr* header = nullptr;
    const unsigned char* bytes = nullptr;
    const int got = pcap_next_ex(handle_.get(), &header, &bytes);
    if (got != 1) return got == PCAP_ERROR_BREAK ? Status::end : stop();
    ++records_;
    record.time = capture_time(header->ts.tv_sec, header->ts.tv_usec);
    record.wire_length = std::max(header->len, header->caplen);
    record.bytes = {bytes, header->caplen};
    return Status::record;
}

CaptureReader::Status CaptureReader::stop() {
    const std::string_view why = pcap_geterr(handle_.get());
    const bool cut = why.starts_with("truncated");
    error_ = cut ? fmt::format("{}: truncated after {} frames; what came before counts", path_, records_)
                 : fmt::format("{}: unreadable after {} frames: {}", path_, records_, why);
    if (!cut) error_ += remedy(why);
    return cut ? Status::truncated : Status::broken;
}

std::uint64_t CaptureReader::position() const {
    if (walk_) return walk_->offset();
    const auto at = std::ftell(file_);
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

}  // namespace ajar::replay
