// Parts of replies about streams.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "share/lent_blocks.hpp"
#include "share/reply.hpp"

namespace ajar::share {

/// Decimal digits and nothing else.
std::optional<std::uint64_t> whole_number(std::string_view text);

/// "1700000000000-0".
std::optional<EntryId> id_of(const Reply& reply);
std::string id_text(EntryId id);

inline bool is_list(const Reply& reply, std::size_t size) {
    return reply.kind == Reply::Kind::list && reply.items.size() == size;
}

/// Of an answer to XREVRANGE COUNT 1. The outer nothing: it is none; the inner: the stream is empty.
std::optional<std::optional<EntryId>> last_of(const Reply& reply);

}  // namespace ajar::share
