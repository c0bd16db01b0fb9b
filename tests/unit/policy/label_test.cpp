// Does each fact get its label, alone, under flood, and from a scanner?
#include "ajar/policy/label.hpp"

#include <gtest/gtest.h>

namespace ajar {
namespace {

constexpr Surroundings kScanner{.scanner = true}, kService{.service_flooded = true},
    kAddress{.address_flooded = true}, kBoth{.scanner = true, .service_flooded = true};

struct Row {
    Attempt attempt;
    Label alone, service, address, scanner, both;
};
constexpr std::array kRows = {
    Row{Attempt::none, Label::none, Label::none, Label::none, Label::none, Label::none},
    Row{Attempt::used, Label::none, Label::none, Label::none, Label::none, Label::none},
    Row{Attempt::silent, Label::filtered, Label::spoofed_flood, Label::spoofed_flood, Label::filtered,
        Label::filtered},
    Row{Attempt::persistent, Label::filtered, Label::backlog_overflow, Label::filtered, Label::filtered,
        Label::filtered},
    Row{Attempt::refused, Label::closed, Label::closed, Label::closed, Label::closed, Label::closed},
    Row{Attempt::unreachable, Label::unreachable, Label::unreachable, Label::unreachable, Label::unreachable,
        Label::unreachable},
    Row{Attempt::abandoned, Label::unknown, Label::spoofed_flood, Label::spoofed_flood, Label::half_open_scan,
        Label::half_open_scan},
    Row{Attempt::aborted, Label::unknown, Label::spoofed_flood, Label::spoofed_flood, Label::half_open_scan,
        Label::half_open_scan},
    Row{Attempt::empty, Label::none, Label::none, Label::none, Label::connect_scan, Label::connect_scan},
    Row{Attempt::overflowed, Label::backlog_overflow, Label::backlog_overflow, Label::backlog_overflow,
        Label::backlog_overflow, Label::backlog_overflow},
    Row{Attempt::one_sided, Label::asymmetry, Label::asymmetry, Label::asymmetry, Label::asymmetry,
        Label::asymmetry},
    Row{Attempt::cut_short, Label::unknown, Label::spoofed_flood, Label::spoofed_flood, Label::unknown,
        Label::unknown},
    Row{Attempt::unclear, Label::unknown, Label::unknown, Label::unknown, Label::unknown, Label::unknown},
};
static_assert(kRows.size() == kAttemptCount, "every fact has a row");

TEST(Label, FollowsFromTheFactAndItsSurroundings) {
    for (const Row& row : kRows) {
        EXPECT_EQ(label_of(row.attempt), row.alone) << name(row.attempt);
        EXPECT_EQ(label_of(row.attempt, kService), row.service) << name(row.attempt);
        EXPECT_EQ(label_of(row.attempt, kAddress), row.address) << name(row.attempt);
        EXPECT_EQ(label_of(row.attempt, kScanner), row.scanner) << name(row.attempt);
        EXPECT_EQ(label_of(row.attempt, kBoth), row.both) << name(row.attempt);
    }
}

TEST(Label, NoFailureIsWithoutOne) {
    for (const Row& row : kRows) {
        const bool labelled = label_of(row.attempt, kScanner) != Label::none;
        EXPECT_EQ(labelled, failed(row.attempt)) << name(row.attempt);
    }
}

TEST(Label, OnlyTheMuteBelongToAFlood) {
    for (const Row& row : kRows)
        EXPECT_EQ(label_of(row.attempt, kService) == Label::spoofed_flood, mute(row.attempt))
            << name(row.attempt);
}

}  // namespace
}  // namespace ajar
