# The end of an appliance that translates connections: it waits for them, if it is told to.
# shellcheck shell=bash disable=SC2034  # DRAIN_TIME is read by configure()

# One translated connection that talks on, and its talker's pid.
translated_talk() {
    cookie_box always
    small_server "$SRV_V4" 9200 echo 64
    within 5 echoes 9200 || fail "no server"
    sleep 0.3 # what was seen of the server is told ten times a second
    watch_synacks all "$SRV_V4" 9200 "$CLI_V4"
    talking talk 9200
    sleep 0.3
    expect "translated" "$(proxied all)" -eq 1
}

ended() { ! kill -0 "$AJAR_PID" 2>/dev/null; }
ends_within() { # seconds
    within "$1" ended || fail "ajar does not end"
    wait "$AJAR_PID" || fail "ajar ended with status $?"
}

case_drain_waits_for_what_is_translated() {
    translated_talk
    kill -TERM "$AJAR_PID"
    sleep 3
    ended && fail "ajar ended while a translated connection was alive"
    grep -q "draining: 1 translated connection left" "$WORK/ajar.log" || fail "it does not say so"
    grep -q "; draining: 1 translated connection left, [0-9]* s at most" "$WORK/ajar.log" || fail "nor later"
    for _ in 1 2 3; do echoes 9200 || fail "a connection failed during the drain"; done
    sleep 0.3
    expect "translated, as before" "$(proxied all)" -eq 1
    expect "connections with the server's own number" "$(untranslated all)" -ge 3
    goes_on talk "$TALKER"
    ends_within 5
    grep -q "drained for .* s: 0 translated connections left" "$WORK/ajar.log" || fail "no word of the end"
    expect "translated connections that died" "$(summary translated)" -eq 0
}

# Neither end could understand the other without Ajar.
both_ends_are_told() {
    within 3 nobody_connected cli || fail "the client hangs"
    within 3 nobody_connected srv || fail "the server hangs"
}
nobody_connected() { [ -z "$("$1" ss -Htn state established "( sport = :9200 or dport = :9200 )")" ]; }

case_drain_ends_with_a_second_signal() {
    translated_talk
    kill -TERM "$AJAR_PID"
    sleep 1
    ended && fail "ajar ended while a translated connection was alive"
    kill -TERM "$AJAR_PID"
    ends_within 3
    expect "translated connections that died" "$(summary translated)" -eq 1
    both_ends_are_told
}

case_drain_ends_in_time() {
    DRAIN_TIME=3s
    translated_talk
    kill -TERM "$AJAR_PID"
    sleep 2
    ended && fail "ajar ended before its time"
    ends_within 4
    expect "translated connections that died" "$(summary translated)" -eq 1
}

case_drain_none_where_it_is_not_wanted() {
    DRAIN_TIME=0s
    translated_talk
    kill -TERM "$AJAR_PID"
    ends_within 2
    expect "translated connections that died" "$(summary translated)" -eq 1
    grep -q draining "$WORK/ajar.log" && fail "it drained"
    return 0
}

case_drain_is_short_without_translated_connections() {
    cookie_box auto
    kill -TERM "$AJAR_PID"
    ends_within 2
}
