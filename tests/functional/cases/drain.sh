# The end of an appliance that translates connections: it waits for them, if it is told to.
# shellcheck shell=bash disable=SC2034  # DRAIN_TIME is read by configure()

# One translated connection that talks on, and its talker's pid.
translated_talk() {
    cookie_box always
    small_server "$SRV_V4" 9200 echo 64
    within 20 let_in_by_cookie echoes 9200 || fail "no server"
    watch_synacks all "$SRV_V4" 9200 "$CLI_V4"
    talking talk 9200
    watched all 1
    expect "translated" "$(proxied all)" -eq 1
}

ended() { ! kill -0 "$AJAR_PID" 2>/dev/null; }
ends_within() { # seconds; the drain would last 30 if it were not cut short
    within "$1" ended || fail "ajar does not end"
    wait "$AJAR_PID" || fail "ajar ended with status $?"
}

case_drain_waits_for_what_is_translated() {
    translated_talk
    kill -TERM "$AJAR_PID"
    sleep 3
    ended && fail "ajar ended while a translated connection was alive"
    logged "draining: 1 translated connection left" || fail "it does not say so"
    within 10 logged "; draining: 1 translated connection left, [0-9]* s at most" || fail "nor later"
    for _ in 1 2 3; do echoes 9200 || fail "a connection failed during the drain"; done
    watched all 4
    expect "translated, as before" "$(proxied all)" -eq 1
    expect "connections with the server's own number" "$(untranslated all)" -ge 3
    goes_on talk "$TALKER"
    ends_within 10
    grep -q "drained for .* s: 0 translated connections left" "$WORK/ajar.log" || fail "no word of the end"
    expect "translated connections that died" "$(summary translated)" -eq 0
}

# Neither end could understand the other without Ajar.
both_ends_are_told() {
    within 10 nobody_connected cli || fail "the client hangs: $(cli ss -Htni "dport = :9200")"
    within 10 nobody_connected srv || fail "the server hangs: $(srv ss -Htni "sport = :9200")
$(challenge_acks srv) challenge ACKs of the server"
}
nobody_connected() { [ -z "$("$1" ss -Htn state established "( sport = :9200 or dport = :9200 )")" ]; }

case_drain_ends_with_a_second_signal() {
    translated_talk
    kill -TERM "$AJAR_PID"
    sleep 1
    ended && fail "ajar ended while a translated connection was alive"
    kill -TERM "$AJAR_PID"
    ends_within 10
    expect "translated connections that died" "$(summary translated)" -eq 1
    both_ends_are_told
}

case_drain_ends_in_time() {
    DRAIN_TIME=3s
    translated_talk
    local began=${EPOCHREALTIME/./}
    kill -TERM "$AJAR_PID"
    ends_within 15
    expect "milliseconds of its drain" $(((${EPOCHREALTIME/./} - began) / 1000)) -ge 3000
    expect "translated connections that died" "$(summary translated)" -eq 1
}

case_drain_none_where_it_is_not_wanted() {
    DRAIN_TIME=0s
    translated_talk
    kill -TERM "$AJAR_PID"
    ends_within 10
    expect "translated connections that died" "$(summary translated)" -eq 1
    grep -q draining "$WORK/ajar.log" && fail "it drained"
    return 0
}

# The client's last line has arrived, and nothing that the server says of it comes out: it expects a number that it
# has told nobody, and nobody will answer what it says to another one.
case_drain_none_with_data_on_its_way() {
    DRAIN_TIME=0s
    translated_talk
    srv nft -f - <<'NFT'
table inet mute {
    chain out { type filter hook output priority 0; tcp sport 9200 drop; }
}
NFT
    within 10 server_is_unheard || fail "the server has said nothing"
    kill -TERM "$AJAR_PID"
    ends_within 10
    expect "translated connections that died" "$(summary translated)" -eq 1
    both_ends_are_told
    expect "challenge ACKs of the server" "$(challenge_acks srv)" -eq 0
}
server_is_unheard() { srv ss -Htn state established "sport = :9200" | awk '$2 > 0 { said = 1 } END { exit !said }'; }

case_drain_is_short_without_translated_connections() {
    cookie_box auto
    kill -TERM "$AJAR_PID"
    ends_within 10
}
