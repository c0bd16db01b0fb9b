// Everything that ends under a Reason, by it.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

constexpr std::array<std::string_view, 8> kFateNames = {"pass",    "refuse", "invalid", "drop",
                                                        "consume", "end",    "sign",    "note"};
static_assert(kFateNames[static_cast<std::size_t>(Fate::note)] == "note");

std::string name_of(std::size_t reason) { return std::string(kReasonTable[reason].name); }

/// Those of one fate, by `label`.
void put_fate(Book& book, const control::Facts& facts, Fate wanted, const char* label) {
    for (std::size_t i = 0; i < kReasonCount; ++i)
        if (kReasonTable[i].fate == wanted) book.add(facts.tracker.reasons[i], {{label, name_of(i)}});
}

void put_packets(Book& book, const control::Facts& facts) {
    book.family("packet_reasons", Kind::counter,
                "Packets that are no plain part of a tracked flow, by Reason and what that does to them.");
    for (std::size_t i = 1; i < kReasonCount; ++i) {
        const Fate fate = kReasonTable[i].fate;
        if (fate == Fate::end || fate == Fate::sign) continue;
        book.add(facts.tracker.reasons[i],
                 {{"fate", std::string(kFateNames[static_cast<std::size_t>(fate)])}, {"reason", name_of(i)}});
    }
}

}  // namespace

void put_reasons(Book& book, const control::Facts& facts) {
    put_packets(book, facts);
    book.family("flow_ends", Kind::counter, "Flows that ended, by Reason.");
    put_fate(book, facts, Fate::end, "reason");
    book.family("half_open_signs", Kind::counter,
                "Verdicts that an end has lost its connection, by the sign in the traffic.");
    put_fate(book, facts, Fate::sign, "verdict");
    book.family("frames_disposed", Kind::counter,
                "Frames that did not leave the box (dropped, consumed, held), by Reason.");
    for (std::size_t i = 0; i < kReasonCount; ++i)
        if (facts.disposed[i] != 0 || kReasonTable[i].fate == Fate::drop)
            book.add(facts.disposed[i], {{"reason", name_of(i)}});
}

}  // namespace ajar::metrics
