// Ids and ends of streams.
#include "share/stream_reply.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ajar::share {

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t out = 0;
    const auto* const end = text.data() + text.size();
    const auto [at, fault] = std::from_chars(text.data(), end, out);
    if (fault != std::errc() || at != end) return std::nullopt;
    return out;
}

std::optional<EntryId> id_of(const Reply& reply) {
    const std::string_view text = reply.text;
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto ms = whole_number(text.substr(0, dash)), sequence = whole_number(text.substr(dash + 1));
    if (!ms || !sequence) return std::nullopt;
    return EntryId{*ms, *sequence};
}

std::string id_text(EntryId id) { return fmt::format("{}-{}", id.ms, id.sequence); }

std::optional<std::optional<EntryId>> last_of(const Reply& reply) {
    if (reply.kind != Reply::Kind::list || reply.items.size() > 1) return std::nullopt;
    if (reply.items.empty()) return std::optional<EntryId>();
    if (!is_list(reply.items[0], 2)) return std::nullopt;
    const auto id = id_of(reply.items[0].items[0]);
    if (!id) return std::nullopt;
    return id;
}

}  // namespace ajar::share
