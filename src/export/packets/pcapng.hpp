// Frames as blocks of a pcapng file (draft-ietf-opsawg-pcapng), little endian, times in nanoseconds.
//
// Written here because libpcap cannot write the format, and DPDK's rte_pcapng knows neither packets' own
// times nor comments in 22.11, nor captures without an EAL.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "ajar/clock.hpp"
#include "ajar/packet/parse.hpp"

namespace ajar::exporting::pcapng {

/// Appended to: a file's beginning; `application` is who writes it.
void put_section(std::string& out, std::string_view application);

/// An interface; the first one has number 0. `snap`: most bytes of a frame that are kept; 0: all.
void put_interface(std::string& out, LinkType link, std::string_view name, std::uint32_t snap);

/// A frame of which `bytes` were kept. An empty comment is none.
void put_frame(std::string& out, std::uint32_t interface, Time time, std::span<const std::uint8_t> bytes,
               std::uint32_t wire_length, std::string_view comment = {});

}  // namespace ajar::exporting::pcapng
