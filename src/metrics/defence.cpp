// Floods: the pressure ladder, what stands, what was answered.
#include "metrics/book.hpp"

namespace ajar::metrics {
namespace {

using control::TrackerFacts;

constexpr std::array<std::string_view, control::kMeasures> kMeasureNames = {
    "flood", "limit", "block", "everyone", "backlog", "heaviest", "rung"};

constexpr std::array kAnswerRows = {
    Row<TrackerFacts>{"cookies_sent", Kind::counter, &TrackerFacts::cookies_sent, "SYN cookies sent."},
    Row<TrackerFacts>{"cookies_accepted", Kind::counter, &TrackerFacts::cookies_accepted,
                      "SYN cookies that came back and were right."},
    Row<TrackerFacts>{"cookies_repeated", Kind::counter, &TrackerFacts::cookies_repeated,
                      "Of those accepted, from whom another was a moment ago."},
    Row<TrackerFacts>{"cookies_refused", Kind::counter, &TrackerFacts::cookies_refused,
                      "ACKs of no flow, to a service that takes cookies, that were none."},
    Row<TrackerFacts>{"challenges_sent", Kind::counter, &TrackerFacts::challenges_sent,
                      "Wrong ACKs sent, which a real client refuses."},
    Row<TrackerFacts>{"challenges_met", Kind::counter, &TrackerFacts::challenges_met,
                      "Challenges that were met."},
    Row<TrackerFacts>{"challenges_adopted", Kind::counter, &TrackerFacts::challenges_adopted,
                      "Challenges that were met and not on record."},
    Row<TrackerFacts>{"challenges_refused", Kind::counter, &TrackerFacts::challenges_refused,
                      "RSTs of no flow, to a service that is challenged for, that met none."},
    Row<TrackerFacts>{"challenges_waived", Kind::counter, &TrackerFacts::challenges_waived,
                      "SYNs that passed because two challenges had stayed unanswered."},
    Row<TrackerFacts>{"translated_flows", Kind::gauge, &TrackerFacts::translated,
                      "Living connections that a cookie began: they die with the process."},
    Row<TrackerFacts>{"observations_lost", Kind::counter, &TrackerFacts::observations_lost,
                      "What workers saw of servers and floods, and control had no room for."},
};

/// By Reason, of those that end a flow.
void put_ends(Book& book, const control::WouldHave::Counts& counts) {
    for (std::size_t i = 0; i < kReasonCount; ++i)
        if (kReasonTable[i].fate == Fate::end)
            book.add(counts[i], {{"reason", std::string(kReasonTable[i].name)}});
}

}  // namespace

void put_defence(Book& book, const control::Facts& facts) {
    const auto& d = facts.defence;
    book.family("pressure_stage", Kind::gauge, "1 for each stage of the pressure ladder that is entered.");
    for (std::size_t i = 0; i < kRungCount; ++i)
        book.add(std::uint64_t{d.rungs[i]}, {{"stage", std::string(kRungNames[i])}});
    book.family("defence_standing", Kind::gauge, "Measures against floods that stand, by kind.");
    for (std::size_t i = 0; i < control::kMeasures; ++i)
        if (static_cast<Measure>(i) != Measure::backlog)  // that happens, and does not stand
            book.add(d.standing[i], {{"measure", std::string(kMeasureNames[i])}});
    book.family("defence_changes", Kind::counter, "What has changed in the defence, by kind.");
    for (std::size_t i = 0; i < kChangeCount; ++i)
        book.add(d.changes[i], {{"change", std::string(kChangeTable[i].name)}});
    book.rows("", kAnswerRows, std::array{facts.tracker}, [](auto) { return Labels(); });
    book.family("syns_would", Kind::counter, "SYNs in mode observe, by what enforce would have done.")
        .add(facts.tracker.would_answer, {{"deed", "answer"}})
        .add(facts.tracker.would_challenge, {{"deed", "challenge"}})
        .add(facts.tracker.would_drop, {{"deed", "drop"}});
    book.family("evictions_would", Kind::counter,
                "Connections that enforce would have evicted, in mode observe.");
    put_ends(book, facts.would.evicted);
    book.one("resets_would", Kind::counter, "RSTs that enforce would have sent, in mode observe.",
             facts.would.resets);
}

}  // namespace ajar::metrics
