// How frames become records of a capture file.
#include "generate/pcap_file.hpp"

#include <fmt/format.h>
#include <pcap/pcap.h>

namespace ajar::gen {
namespace {

constexpr int kSnapLength = 262'144;

pcap_dumper_t* dumper_of(void* p) { return static_cast<pcap_dumper_t*>(p); }

}  // namespace

void PcapFile::Closer::operator()(void* dumper) const { pcap_dump_close(dumper_of(dumper)); }

Result<PcapFile> PcapFile::open(const std::string& path, bool microseconds) {
    constexpr u_int micro = PCAP_TSTAMP_PRECISION_MICRO, nano = PCAP_TSTAMP_PRECISION_NANO;
    const std::unique_ptr<pcap_t, void (*)(pcap_t*)> dead(
        pcap_open_dead_with_tstamp_precision(DLT_EN10MB, kSnapLength, microseconds ? micro : nano),
        pcap_close);
    auto* dumper = pcap_dump_open(dead.get(), path.c_str());
    if (dumper == nullptr) return Error{fmt::format("cannot write {}: {}", path, pcap_geterr(dead.get()))};
    return PcapFile(dumper, microseconds);
}

void PcapFile::write(const TimedFrame& frame) {
    const auto since = frame.time.time_since_epoch();
    const auto whole = std::chrono::floor<std::chrono::seconds>(since);
    pcap_pkthdr header{};
    header.ts.tv_sec = static_cast<time_t>(whole.count());
    header.ts.tv_usec = static_cast<suseconds_t>((since - whole).count() / (microseconds_ ? 1000 : 1));
    header.caplen = header.len = static_cast<bpf_u_int32>(frame.bytes.size());
    pcap_dump(static_cast<u_char*>(dumper_.get()), &header, frame.bytes.data());
}

bool PcapFile::close() {
    auto* file = pcap_dump_file(dumper_of(dumper_.get()));
    const bool good = pcap_dump_flush(dumper_of(dumper_.get())) == 0 && ferror(file) == 0;
    dumper_.reset();
    return good;
}

}  // namespace ajar::gen
