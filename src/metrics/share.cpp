// What is shared with other appliances.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using control::ShareFacts;

constexpr std::array kLevelRows = {
    Row<ShareFacts>{"boxes", Kind::gauge, &ShareFacts::boxes, "Other appliances that are heard."},
    Row<ShareFacts>{"names", Kind::gauge, &ShareFacts::names,
                    "Services and addresses with half-open connections that they tell of."},
    Row<ShareFacts>{"blocks", Kind::gauge, &ShareFacts::blocks, "Sources that they have blocked."},
    Row<ShareFacts>{"entries_refused", Kind::counter, &ShareFacts::refused,
                    "Entries of others that make no sense, or are beyond a bound."},
    Row<ShareFacts>{"breaks", Kind::counter, &ShareFacts::breaks,
                    "Connections to Redis that did not come about, or broke."},
};

void put_by_stream(Book& book, std::string_view name, std::string_view help,
                   const std::array<std::uint64_t, ShareFacts::kStreams>& counts) {
    book.family(name, Kind::counter, help);
    for (std::size_t i = 0; i < counts.size(); ++i)
        book.add(counts[i], {{"stream", std::string(ShareFacts::kStreamNames[i])}});
}

}  // namespace

void put_share(Book& book, const ShareFacts& s) {
    if (!s.on) return;
    book.one("share_up", Kind::gauge, "1 while there is a connection to Redis.", std::uint64_t{s.up});
    book.rows("share_", kLevelRows, std::array{s}, [](auto) { return Labels(); });
    put_by_stream(book, "share_entries_told", "Entries that Redis has taken, by stream.", s.told);
    put_by_stream(book, "share_entries_lost", "Entries for Redis that found no room, or that it refused.",
                  s.lost);
    put_by_stream(book, "share_entries_heard", "Entries of others that were heeded, by stream.", s.heard);
}

}  // namespace ajar::metrics
