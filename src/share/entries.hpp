// Entries of the streams: fields and values, as text that people can read with redis-cli.
//
//   all             v 1, box NAME, run 16 hexadecimal digits
//   PREFIX:events   eve LINE                                  one EVE record, as in `events.file`
//   PREFIX:sums     mode observe|enforce, stages 0..63 (a bit for each stage of the pressure ladder),
//                   every 0|1, half_open N, and any number of
//                       service      "N ADDRESS:PORT PAIR/VLAN/INNER"     pending there, by name
//                       destination  "N ADDRESS PAIR/VLAN/INNER"
//                       named        "N NAME"                             of a block [[services]]
//                   bye 1                                     instead of these: it ends
//   PREFIX:blocks   do add|still|end|remove, prefix PREFIX, by hand|defence, left_ms N (absent: no end)
//
// Fields that are not known are passed over, so that later versions may say more. An entry of which anything
// else is wrong is refused whole: whoever wrote it, it is not known what was meant.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "share/news.hpp"

namespace ajar::share {

/// Of an entry that is read.
using Fields = std::span<const std::pair<std::string_view, std::string_view>>;
/// Of one that is written: name, value, name, value.
using Words = std::vector<std::string>;

inline constexpr std::uint32_t kMostCount = 1U
                                            << 24U;  ///< pending at one name; what is above is taken for it

/// Of an entry of sums that is read.
inline constexpr std::size_t kMostNames = 2 * Fleet::kMost, kMostServices = Fleet::kMost;
inline constexpr std::size_t kMostServiceName = 256;  ///< bytes, in [[services]]

template <typename T>
struct Told {
    Box from;
    T news;
};

Words sums_entry(const Box& box, const Sums& sums);
Words block_entry(const Box& box, const BlockNews& news);
Words event_entry(const Box& box, std::string eve);

// None: refused. Any thread.

std::optional<Told<Sums>> read_sums(Fields fields);
std::optional<Told<BlockNews>> read_block(Fields fields);

}  // namespace ajar::share
