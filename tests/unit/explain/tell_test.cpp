// The sentences for each reason, word for word, and what each end is said to know.
#include <gtest/gtest.h>

#include "evidence.hpp"
#include "explain/story.hpp"

namespace ajar::explain {
namespace {

using std::chrono::seconds;

Incident told(EventKind kind, Reason reason) {
    Incident i;
    i.time = Time(seconds(1'700'007'440));
    i.begun = Time(seconds(1'700'000'000));
    i.kind = kind;
    i.reason = reason;
    i.uid = "COBVXlx1pEYAiM1zFU";
    i.ends = {Endpoint{Family::ipv4, {10, 0, 0, 1}, 40000}, Endpoint{Family::ipv4, {192, 0, 2, 7}, 80}};
    i.mode = Mode::enforce;
    i.state = TcpState::established;
    i.history = "ShAda";
    i.sent = {Amount{3, 180}, Amount{2, 120}};
    return i;
}

Incident idle_flag() {
    Incident i = told(EventKind::flagged, Reason::idle);
    i.cause = Cause::idle;
    i.action = Action::flag;
    i.timer = TimerClass::established;
    i.timeout = seconds(7440);
    i.expected = {5051, 1101};
    return i;
}

Incident stale_handshake(Mode mode = Mode::enforce) {
    Incident i = told(EventKind::evicted, Reason::stale_syn_recv);
    i.cause = Cause::embryonic_stale;
    i.action = Action::evict_reset;
    i.mode = mode;
    i.state = TcpState::syn_recv;
    i.timer = TimerClass::syn_recv;
    i.timeout = seconds(60);
    i.attempt = Attempt::abandoned;
    i.history = "Sh";
    i.expected = {std::nullopt, 1001};
    return i;
}

Incident reset_to(Role to, std::uint32_t seq, Mode mode = Mode::enforce,
                  TcpState state = TcpState::established) {
    Incident i = told(EventKind::reset_sent, Reason::reset_sent);
    i.mode = mode;
    i.state = state;
    i.reset = ResetTold{to, seq};
    i.expected = {5051, 1001};
    return i;
}

Incident asked(Reason reason, Pulse client, Pulse server) {
    Incident i = told(EventKind::probed, reason);
    i.timer = TimerClass::established;
    i.timeout = seconds(7440);
    i.probe = ProbeTold{5, seconds(15), {client, server}};
    return i;
}

Incident verdict(Reason sign, Role lost, Confidence confidence = Confidence::high) {
    Incident i = told(EventKind::half_open, sign);
    Suspected& s = i.suspected.emplace();
    s.sign = sign;
    s.confidence = confidence;
    s.lost[lost] = true;
    s.count = 5;
    s.expected = 1101;
    s.seen = 1001;
    s.began = i.time - seconds(20);
    return i;
}

std::string words(const Chapter& chapter) {
    std::string out;
    for (const auto& sentence : chapter.sentences) out += (out.empty() ? "" : " ") + sentence;
    return out;
}

/// What is said of the first of them.
std::string said(const std::vector<Incident>& incidents) { return words(tell(incidents).chapters.at(0)); }

std::array<std::string, 2> known(const std::vector<Incident>& incidents) { return tell(incidents).knows; }

TEST(Tell, AnIdleConnectionThatIsFlagged) {
    EXPECT_EQ(said({idle_flag()}),
              "Both ends fell silent, and each had acknowledged all that the other had sent. The timer "
              "established (timeouts.established, 2 h 4 min for this connection) ran out: it had run since "
              "2023-11-14 22:13:20 at the latest. By its highest ACK, the client expects SEQ 5051 next, and "
              "the server SEQ 1101. The rule for it, actions.idle, is \"flag\". Ajar reported it, by this "
              "event, and did nothing else: the connection stays in its table.");
    EXPECT_EQ(known({idle_flag()}),
              (std::array<std::string, 2>{"The client takes the connection for open.",
                                          "The server takes the connection for open."}));
}

TEST(Tell, AStaleHandshakeThatIsReset) {
    const Story story =
        tell(std::vector{stale_handshake(), reset_to(kServer, 1001, Mode::enforce, TcpState::syn_recv)});
    EXPECT_EQ(story.chapters.at(0).title, "evicted: stale_syn_recv");
    EXPECT_EQ(words(story.chapters.at(0)),
              "The server answered the client's SYN, and its answer was never acknowledged. The client said "
              "nothing after that, as one does whose address was forged (attempt: abandoned). The timer "
              "syn_recv (timeouts.syn_recv, 1 min for this connection) ran out: it had run since 00:16:20 at "
              "the latest. By its highest ACK, the server expects SEQ 1001 next; the client has acknowledged "
              "nothing. The rule for it, actions.embryonic_stale, is \"evict + reset\". Ajar gave the "
              "connection up, and was to reset whoever may still have it.");
    EXPECT_EQ(story.chapters.at(1).title, "RST to the server");
    EXPECT_EQ(words(story.chapters.at(1)),
              "Ajar sent the server a RST in the name of its peer, with SEQ 1001, which is what the server "
              "expects next, so that it is accepted at once (RFC 5961 3.2).");
    EXPECT_EQ(story.knows[kClient], "The client has not acknowledged the answer: it may never have asked.");
    EXPECT_EQ(story.knows[kServer],
              "The server was told by an exact RST; it has given the connection up, if that arrived.");
}

TEST(Tell, AResetThatDidNotGoOutIsMissed) {
    const auto last_sentence = [](const Incident& i) {
        return tell(std::vector{i}).chapters.at(0).sentences.back();
    };
    Incident unanswered = stale_handshake();
    EXPECT_EQ(last_sentence(unanswered),
              "Of a reset nothing is told: resets.rate was used up, or the number that the RST needs or the "
              "way to its receiver was not known, or the connection is inside a tunnel, or that event is not "
              "among those that were read.");
    unanswered.state = TcpState::syn_sent;
    EXPECT_EQ(last_sentence(unanswered).find("No reset was due"), 0U);
}

TEST(Tell, ModeObserveSaysWhatWasNotDone) {
    const Story story = tell(std::vector{stale_handshake(Mode::observe),
                                         reset_to(kServer, 1001, Mode::observe, TcpState::syn_recv)});
    EXPECT_EQ(story.chapters.at(0).title, "would be evicted: stale_syn_recv");
    EXPECT_NE(words(story.chapters.at(0))
                  .find("is \"evict + reset\", which counts in mode enforce only. Ajar only watches (mode "
                        "observe): it sent nothing, and has merely stopped tracking the connection."),
              std::string::npos);
    EXPECT_EQ(story.chapters.at(1).title, "would send a RST to the server");
    EXPECT_EQ(words(story.chapters.at(1)).find("In mode enforce the server would have got a RST"), 0U);
    EXPECT_EQ(story.knows[kServer], "The server holds the half-open connection in its backlog.")
        << "nobody has told it anything";
}

TEST(Tell, ASilentEvictionTellsNobody) {
    Incident i = idle_flag();
    i.kind = EventKind::evicted;
    i.action = Action::evict;
    EXPECT_EQ(tell(std::vector{i}).chapters.at(0).sentences.back(),
              "Ajar forgot the connection and told neither end.");
}

TEST(Tell, EachTimerHasItsOwnCause) {
    const auto begin_of = [](Reason reason) {
        Incident i = idle_flag();
        i.reason = reason;
        return tell(std::vector{i}).chapters.at(0).sentences.at(0);
    };
    EXPECT_EQ(begin_of(Reason::stale_syn_sent), "The client's SYN was never answered.");
    EXPECT_EQ(
        begin_of(Reason::stale_mid_stream),
        "The connection was first seen in its middle, and its ends never vouched for each other's numbers.");
    EXPECT_EQ(begin_of(Reason::half_closed_idle),
              "One end closed its direction (FIN), and nothing more came.");
    EXPECT_EQ(
        begin_of(Reason::unacknowledged_idle),
        "Data was not acknowledged, a window stayed closed, or an end asked again and again in vain, and "
        "nothing has changed that.");
    EXPECT_EQ(begin_of(Reason::unverified_rst_idle),
              "A RST came whose SEQ lies inside its receiver's window but is not exact, so that it need not "
              "have been believed; then both ends fell silent.");
    EXPECT_EQ(begin_of(Reason::proven_dead),
              "Ajar had asked both ends whether they still have the connection, and not both of them have "
              "said so.");
    EXPECT_EQ(begin_of(Reason::embryonic_full),
              "The store of unfinished handshakes was full, and this one was over already, or the oldest.");
    EXPECT_EQ(begin_of(Reason::heaviest_network),
              "The store of unfinished handshakes was full, and most of it was of this client's network.");
    EXPECT_EQ(begin_of(Reason::reservation_lost),
              "No place was left for connections whose handshake is complete, so the oldest unfinished "
              "handshake gave its reservation up.");
    EXPECT_EQ(begin_of(Reason::backlog_freed),
              "The service is flooded: what it had half open before gave way, so that its backlog is free "
              "for those who prove themselves.");
    EXPECT_EQ(begin_of(Reason::administrative), "Evicted by the operator.");
    EXPECT_EQ(begin_of(Reason::server_silent), "The server never answered a client whose cookie was valid.");
}

TEST(Tell, AllReasonsAreSentences) {
    for (std::size_t r = 0; r < kReasonCount; ++r) {
        Incident i = idle_flag();
        i.reason = static_cast<Reason>(r);
        const Story story = tell(std::vector{i});
        for (const auto& sentence : story.chapters.at(0).sentences) {
            EXPECT_EQ(sentence.back(), '.') << sentence;
            EXPECT_FALSE(sentence.front() >= 'a' && sentence.front() <= 'z') << sentence;
        }
    }
}

TEST(Tell, WhoClosedIsNamedByTheHistory) {
    Incident i = idle_flag();
    i.reason = Reason::half_closed_idle;
    i.state = TcpState::close_wait;
    i.history = "ShAdaf";
    EXPECT_EQ(tell(std::vector{i}).chapters.at(0).sentences.at(0),
              "The server closed its direction (FIN), and the client neither went on nor closed its own.");
    EXPECT_EQ(known({i}),
              (std::array<std::string, 2>{
                  "The client takes the connection for open.",
                  "The server has closed its own direction and waits for its peer to do the same."}));
}

TEST(Tell, OneWayProbationNamesWhoWasNeverHeard) {
    Incident i = idle_flag();
    i.reason = Reason::stale_mid_stream;
    i.state = TcpState::unverified;
    i.history = "^d";
    i.sent = {Amount{0, 0}, Amount{7, 700}};
    const Story story = tell(std::vector{i});
    EXPECT_EQ(story.chapters.at(0).sentences.at(0),
              "The connection was first seen in its middle, and the client was never heard: nobody vouched "
              "for what the server said.");
    EXPECT_EQ(story.facts.back(), "Its handshake was not seen: who is the client is a guess.");
    EXPECT_EQ(story.knows[kClient], "Nothing certain is known of the client.");
}

TEST(Tell, ProbesAndTheirAnswers) {
    const std::string asked_both =
        "The timer established (timeouts.established, 2 h 4 min for this connection) had run out, so Ajar "
        "asked both ends whether they still have the connection: in 5 rounds, 15 s apart or more "
        "(probe.interval); who had answered was not asked again. ";
    const std::string since = "The first round began at 00:16:05 or before. ";
    EXPECT_EQ(said({asked(Reason::proven_alive, Pulse::alive, Pulse::alive)}),
              asked_both +
                  "The client answered by an ACK: it has the connection. The server answered by an "
                  "ACK: it has the connection. So both are alive: the timer runs anew, and nobody "
                  "was disturbed.");
    EXPECT_EQ(said({asked(Reason::proven_dead, Pulse::alive, Pulse::silent)}),
              asked_both + since +
                  "The client answered by an ACK: it has the connection. The server never answered. So the "
                  "connection counts as dead; actions.proven_dead says what is done.");
    EXPECT_EQ(said({asked(Reason::proven_dead, Pulse::gone, Pulse::unknown)}),
              asked_both +
                  "The client answered by a RST: it has no such connection any more. The server "
                  "had not answered yet. Its RST went on to the server, which accepts it: nothing "
                  "hangs.");
    EXPECT_EQ(said({asked(Reason::probe_undecided, Pulse::alive, Pulse::unreachable)}),
              asked_both + since +
                  "The client answered by an ACK: it has the connection. The server never answered, and an "
                  "ICMP error said that it cannot be reached. But words may pass elsewhere, so silence "
                  "proves nothing: the connection is kept.");
    Incident once = asked(Reason::proven_alive, Pulse::alive, Pulse::alive);
    once.probe->rounds = 1;
    EXPECT_NE(said({once}).find("still have the connection: once. The client"), std::string::npos);
}

TEST(Tell, ItIsSaidOfWhomItIsKnownThatWordsPassElsewhere) {
    Incident i = asked(Reason::probe_undecided, Pulse::alive, Pulse::silent);
    Suspected& s = i.suspected.emplace();
    s.sign = Reason::silent_after_probe;
    s.confidence = Confidence::low;
    s.lost[kServer] = true;
    constexpr std::string_view kThis = "But an end had acknowledged data", kOthers = "But words of other";
    s.visibility = Visibility::one_way;
    EXPECT_NE(said({i}).find(kThis), std::string::npos);
    EXPECT_EQ(said({i}).find(kOthers), std::string::npos);
    s.visibility = Visibility::low_coverage;
    EXPECT_EQ(said({i}).find(kThis), std::string::npos) << "nothing is known of this one";
    EXPECT_NE(said({i}).find(kOthers), std::string::npos);
    EXPECT_EQ(known({i})[kServer],
              "The server is not heard here, and may be heard elsewhere: that proves nothing.");
}

TEST(Tell, WhatEachEndKnowsAfterTheQuestions) {
    EXPECT_EQ(
        known({asked(Reason::proven_dead, Pulse::gone, Pulse::unknown)}),
        (std::array<std::string, 2>{"The client has no such connection any more.",
                                    "The server learned from its peer's RST that the connection is gone."}));
    const auto silent = asked(Reason::proven_dead, Pulse::alive, Pulse::silent);
    EXPECT_EQ(
        known({silent}),
        (std::array<std::string, 2>{
            "The client has the connection: it answered when it was asked.",
            "The server says nothing here: it lost the connection, is out of reach, or answers elsewhere."}));
    EXPECT_EQ(known({silent, reset_to(kClient, 5051)})[kClient],
              "The client was told by an exact RST; it has given the connection up, if that arrived.");
}

TEST(Tell, EachVerdictWithItsNumbers) {
    const auto first = [](const Incident& i) { return tell(std::vector{i}).chapters.at(0).sentences.at(0); };
    EXPECT_EQ(first(verdict(Reason::crash_reopen_stuck, kClient)),
              "The client has lost the connection and tries to open it anew, but the server still has it: "
              "its SYN (SEQ 1001, where SEQ 1101 was due) was answered by a challenge ACK, which calls for a "
              "RST; instead of that the SYN came again, 5 times.");
    EXPECT_EQ(first(verdict(Reason::active_side_discovery, kServer)),
              "The client asked for an answer, and had asked 5 times before; the server gave the RST of a "
              "host that has no such connection: SEQ 1001, which is the ACK of what it answers, and no ACK "
              "of its own (RFC 9293 3.10.7.1). SEQ 1101 was due.");
    EXPECT_EQ(first(verdict(Reason::unanswered_retransmission, kServer)),
              "The client sent the same data or FIN (SEQ 1001) again and again, 5 times after the first "
              "time, and nothing came back from the server. It had sent all up to SEQ 1101.");
    EXPECT_EQ(first(verdict(Reason::unanswered_keepalive, kClient)),
              "The server asked 5 times whether its peer is still there (keep-alives with SEQ 1001, one "
              "below the SEQ 1101 that it would send next), and nothing came back from the client.");
    EXPECT_EQ(first(verdict(Reason::silent_after_probe, kClient)),
              "The client did not answer Ajar, which asked 5 times: its probes to the client had SEQ 1001, "
              "one below the SEQ 1101 that it expects, and a host that has the connection answers them.");
    EXPECT_EQ(first(verdict(Reason::made_by_middlebox, kServer)),
              "A RST in the name of the client (SEQ 1101) went to the server, but the client goes on as if "
              "it had sent none: SEQ 1001 came from it afterwards. So somebody in between has sent the RST.");
    Incident again = verdict(Reason::crash_reopen_recovered, kClient);
    again.suspected->replaces = "CzzzzzzzzzzzzzzzzZ";
    EXPECT_EQ(
        first(again),
        "The client had lost connection CzzzzzzzzzzzzzzzzZ, before this one, and opened it anew: its SYN was "
        "answered by a challenge ACK, which it refused by the exact RST; that freed the server, and the next "
        "SYN began this connection. Its handshake was complete with SEQ 1001.");
}

TEST(Tell, OfTwoThatAreSilentItIsSaidWhoseNumberItIs) {
    Incident both = verdict(Reason::silent_after_probe, kClient, Confidence::medium);
    both.suspected->lost = {true, true};
    both.expected = {5051, 1101};
    EXPECT_NE(
        said({both}).find("Neither end answered Ajar, which asked 5 times: its probes to the server had"),
        std::string::npos);
    both.expected = {5051, 1201};
    EXPECT_NE(said({both}).find("Neither end answered Ajar, which asked 5 times. Confidence"),
              std::string::npos);
}

TEST(Tell, WhereTheEndsCountDifferentlyThatIsSaid) {
    const auto last_fact = [](const Incident& i) { return tell(std::vector{i}).facts.back(); };
    Incident i = verdict(Reason::unanswered_keepalive, kClient);
    EXPECT_EQ(last_fact(i).find("Ajar shook hands"), std::string::npos);
    i.suspected->own_counts = true;
    EXPECT_EQ(last_fact(i).find("Ajar shook hands with the client in the server's place"), 0U);
}

TEST(Tell, AVerdictSaysSinceWhenAndWhatItChanges) {
    const Story story = tell(std::vector{verdict(Reason::unanswered_keepalive, kServer)});
    const auto& sentences = story.chapters.at(0).sentences;
    EXPECT_EQ(sentences.at(1), "The first sign of it was seen at 00:17:00.");
    EXPECT_EQ(sentences.back(),
              "A verdict changes nothing by itself: timers, probes and actions decide what becomes of the "
              "connection.");
    EXPECT_EQ(story.knows[kServer],
              "The server says nothing here: it lost the connection, is out of reach, or answers elsewhere.");
    EXPECT_EQ(story.knows[kClient],
              "The client still has the connection and waits: if its peer is gone, it is half open.");
}

TEST(Tell, ADoubtIsToldWithItsCause) {
    const auto second = [](Reason sign, Confidence confidence) {
        return tell(std::vector{verdict(sign, kClient, confidence)}).chapters.at(0).sentences.at(1);
    };
    EXPECT_EQ(second(Reason::unanswered_keepalive, Confidence::low).find("Confidence is low: one direction"),
              0U);
    EXPECT_NE(second(Reason::active_side_discovery, Confidence::medium).find("accept queue"),
              std::string::npos);
    EXPECT_NE(second(Reason::made_by_middlebox, Confidence::medium).find("not exact"), std::string::npos);
    EXPECT_NE(second(Reason::crash_reopen_stuck, Confidence::medium).find("another distance"),
              std::string::npos);
    EXPECT_NE(second(Reason::unanswered_keepalive, Confidence::medium).find("was not seen"),
              std::string::npos);
    Incident elsewhere = verdict(Reason::unanswered_keepalive, kClient, Confidence::low);
    elsewhere.suspected->visibility = Visibility::low_coverage;
    EXPECT_EQ(
        tell(std::vector{elsewhere}).chapters.at(0).sentences.at(1).find("Confidence is low: words of other"),
        0U);
}

TEST(Tell, AVerdictIsToldOnceAndThenNamed) {
    Incident later = verdict(Reason::unanswered_keepalive, kServer);
    later.kind = EventKind::flagged;
    later.reason = Reason::idle;
    const auto alone = words(tell(std::vector{later}).chapters.at(0));
    EXPECT_NE(alone.find("keep-alives with SEQ 1001"), std::string::npos);
    const auto again =
        words(tell(std::vector{verdict(Reason::unanswered_keepalive, kServer), later}).chapters.at(1));
    EXPECT_EQ(again.find("keep-alives"), std::string::npos);
    EXPECT_NE(again.find("The verdict unanswered_keepalive (confidence high) stands."), std::string::npos);
}

TEST(Tell, WhatStandsAboveTheRuleIsTold) {
    const auto rule = [](Reason reason) {
        Incident i = idle_flag();
        i.reason = reason;
        const auto sentences = tell(std::vector{i}).chapters.at(0).sentences;
        return sentences.at(sentences.size() - 2);
    };
    EXPECT_EQ(rule(Reason::low_coverage),
              "So its silence proves nothing, and it is not reset, though actions.idle says so.");
    EXPECT_EQ(rule(Reason::unverified_rst_idle),
              "Such a RST is never a reason for more than a flag: it may be forged.");
}

TEST(Tell, AVerdictThatWasWithdrawnIsForgotten) {
    Incident later = idle_flag();
    later.time += seconds(100);
    later.suspected.emplace();  // without a verdict
    EXPECT_EQ(known({verdict(Reason::unanswered_keepalive, kServer), later})[kServer],
              "The server takes the connection for open.");
}

Incident end_of_flow(Reason reason, TcpState state = TcpState::established) {
    Incident end = told(EventKind::flow_end, reason);
    end.time += seconds(60);
    end.state = state;
    return end;
}

TEST(Tell, WhoWasSilentAndSpokeAgainIsNoLongerSilent) {
    const Incident silent = verdict(Reason::unanswered_retransmission, kServer);
    Incident end = end_of_flow(Reason::alive_at_end);
    EXPECT_EQ(known({silent, end})[kServer],
              "The server says nothing here: it lost the connection, is out of reach, or answers elsewhere.")
        << "nor has it said anything until then";
    end.sent[kClient].packets += 9;
    EXPECT_EQ(known({silent, end})[kServer].find("The server says nothing"), 0U) << "its peer alone went on";
    end.sent[kServer].packets += 50;
    const std::array<std::string, 2> open = {"The client takes the connection for open.",
                                             "The server takes the connection for open."};
    EXPECT_EQ(known({silent, end}), open);
    EXPECT_EQ(known({silent, idle_flag()}), open) << "a flag would have the verdict, if it stood";
    Incident flag = verdict(Reason::unanswered_retransmission, kServer);
    flag.kind = EventKind::flagged;
    EXPECT_EQ(known({silent, flag})[kServer].find("The server says nothing"), 0U);
    EXPECT_EQ(known({flag})[kServer].find("The server says nothing"), 0U) << "the event before it is lost";
}

TEST(Tell, WhoIsStuckMayHaveGotThroughUntilTheEnd) {
    const Incident stuck_one = verdict(Reason::crash_reopen_stuck, kClient);
    Incident end = end_of_flow(Reason::alive_at_end);
    EXPECT_EQ(known({stuck_one, end})[kClient], "The client has no such connection any more.");
    end.sent[kClient].packets += 1;
    EXPECT_EQ(known({stuck_one, end}),
              (std::array<std::string, 2>{"Nothing certain is known of the client.",
                                          "The server takes the connection for open."}))
        << "another SYN, or more";
}

TEST(Tell, WhoAnsweredKnowsOfAnEndThatCameLater) {
    const Incident alive = asked(Reason::proven_alive, Pulse::alive, Pulse::alive);
    EXPECT_EQ(known({alive})[kClient], "The client has the connection: it answered when it was asked.");
    EXPECT_EQ(known({alive, end_of_flow(Reason::closed_by_rst, TcpState::close)}),
              (std::array<std::string, 2>{"The client knows that the connection is over.",
                                          "The server knows that the connection is over."}));
    Incident later = idle_flag();
    later.state = TcpState::close_wait;
    EXPECT_EQ(known({alive, later})[kClient], "The client takes the connection for open.")
        << "that was another time";
}

TEST(Tell, WhatIsNotCertainSaysSo) {
    EXPECT_EQ(known({verdict(Reason::active_side_discovery, kServer, Confidence::medium)})[kServer],
              "The server has no such connection any more (confidence medium).");
    EXPECT_EQ(known({verdict(Reason::unanswered_keepalive, kServer, Confidence::low)}),
              (std::array<std::string, 2>{
                  "The client takes the connection for open.",
                  "The server is not heard here, and may be heard elsewhere: that proves nothing."}));
}

TEST(Tell, TheFlowsEndSettlesWhatWasOpen) {
    Incident end = told(EventKind::flow_end, Reason::closed_by_fin);
    end.state = TcpState::time_wait;
    const std::array<std::string, 2> over = {"The client knows that the connection is over.",
                                             "The server knows that the connection is over."};
    EXPECT_EQ(known({verdict(Reason::unanswered_keepalive, kServer), end}), over);
    end.reason = Reason::closed_by_rst;
    EXPECT_EQ(known({verdict(Reason::active_side_discovery, kServer), end})[kServer],
              "The server has no such connection any more.")
        << "more is known than that a RST came";
}

TEST(Tell, AResetFromATombstoneKnowsNoRoles) {
    Incident late = reset_to(kServer, 5051);  // the client spoke, and stands first
    late.state = TcpState::none;
    std::swap(late.ends[0], late.ends[1]);
    late.expected = {};
    late.time += seconds(10);
    late.history.clear();
    const Story story = tell(std::vector{idle_flag(), late});
    EXPECT_EQ(text_of(story.ends[kClient]), "10.0.0.1:40000");
    EXPECT_EQ(words(story.chapters.at(1)),
              "The client spoke again after the connection had been ended, so it still had it: Ajar sent the "
              "client a RST in the name of its peer, with SEQ 5051.");
    EXPECT_EQ(story.knows[kClient].find("The client was told by an exact RST"), 0U);
}

TEST(Tell, AChangeOfTheConfigurationIsToldWhereItCame) {
    Incident first = idle_flag(), second = idle_flag(), third = idle_flag();
    first.generation = second.generation = 1;
    third.generation = 2;
    const Story story = tell(std::vector{first, second, third});
    const auto generation = [&](std::size_t n) {
        const auto text = words(story.chapters.at(n));
        const auto at = text.find("This was decided by generation ");
        return at == std::string::npos ? std::string() : text.substr(at);
    };
    EXPECT_EQ(generation(0), "This was decided by generation 1 of the configuration, in mode enforce.");
    EXPECT_EQ(generation(1), "");
    EXPECT_EQ(generation(2), "This was decided by generation 2 of the configuration, in mode enforce.");
}

TEST(Tell, PacketsStandOnceInTheTimelineAndBeforeWhatTheyCaused) {
    const Incident stuck_one = incident_of(stuck());
    Incident flag = stuck_one;
    flag.kind = EventKind::flagged;
    flag.reason = Reason::idle;
    flag.time += seconds(100);
    flag.suspected->packets[kClient].push_back(flag.suspected->packets[kClient].back());
    flag.suspected->packets[kClient].back().time = stuck_one.time;
    const auto timeline = tell(std::vector{stuck_one, flag}).timeline;
    ASSERT_EQ(timeline.size(), 7U);
    for (std::size_t n = 1; n < timeline.size(); ++n) EXPECT_LE(timeline[n - 1].time, timeline[n].time);
    EXPECT_TRUE(timeline[4].packet) << "of the same moment as the verdict";
    EXPECT_EQ(timeline[5].what, "half open: crash_reopen_stuck, confidence high");
    EXPECT_EQ(timeline[6].what, "flagged: idle");
}

TEST(Tell, TheHistoryIsSpelledOut) {
    Incident i = idle_flag();
    i.history = "^ShADadFfRrCGTWIQ?";
    const auto history = tell(std::vector{i}).history;
    ASSERT_EQ(history.size(), i.history.size());
    EXPECT_EQ(history[0].meaning, "seen from the server's packets on");
    EXPECT_EQ(history[1].meaning, "the client's SYN");
    EXPECT_EQ(history[2].meaning, "the server's SYN-ACK");
    EXPECT_EQ(history[8].meaning, "the server's FIN: it has nothing more to say");
    EXPECT_EQ(history[12].meaning, "the client's gap: bytes that were acknowledged and never seen");
    EXPECT_EQ(history.back().meaning, "a letter that this version of Ajar does not know");
}

TEST(Tell, AttemptsHaveTheirSentences) {
    for (std::size_t a = 0; a < kAttemptCount; ++a) {
        Incident i = stale_handshake();
        i.attempt = static_cast<Attempt>(a);
        const auto told_of = said({i});
        const bool tells = told_of.find("attempt: ") != std::string::npos;
        EXPECT_EQ(tells, failed(i.attempt) && i.attempt != Attempt::unclear) << name(i.attempt);
    }
}

}  // namespace
}  // namespace ajar::explain
