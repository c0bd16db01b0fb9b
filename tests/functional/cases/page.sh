# The live page of an appliance under traffic: in a real browser, and for visitors who do not read.
# shellcheck shell=bash disable=SC2034  # EMBRYONIC is read by configure()

# Connections that live, half-open ones that come and go, and a stage of the ladder that stands for it.
busy_box() {
    EMBRYONIC=1Ki control_box enforce '[timeouts]
syn_sent = "3s"
[defence]
answer = "off"'
    talkers 8
    srv nft 'add table ip silent; add chain ip silent in { type filter hook input priority 0; }
        add rule ip silent in tcp dport 9100 drop'
    background cli hping3 -q -S -p 9100 --rand-source -i u4000 "$SRV_V4" >"$WORK/hping3.log" 2>&1
    SENDER=$!
}

TAKES_page_in_a_browser=39
case_page_in_a_browser() {
    { type -P chromium && type -P chromedriver; } >"$WORK/browsers" || skip "no Chromium"
    busy_box
    background box python3 "$HERE/helpers/page.py" 9293 "$WORK" "$AJAR_PID" >"$WORK/page.log" 2>&1
    local reader=$!
    while kill -0 $reader 2>/dev/null; do
        if [ -e "$WORK/restart" ] && [ ! -e "$WORK/restarted" ]; then
            kill -INT "$TALKER"
            stop_ajar
            start_ajar
            touch "$WORK/restarted"
        fi
        sleep 0.2
    done
    wait $reader || fail "$(cat "$WORK/page.log")"
    kill "$SENDER"
    expect "followers" "$(sample_of ajar_http_streams)" -eq 0
    stop_ajar
}

# Followers who never read, more than there is room for, keep nobody from anything.
TAKES_page_hostile=20
case_page_hostile() {
    busy_box
    box python3 "$HERE/helpers/stalled.py" 9293 40 16 || fail "the stream of news"
    box python3 "$HERE/helpers/hostile_http.py" 9293 2000 || fail "not every request ended as it should"
    [ "$(sample_of ajar_http_streams_refused_total)" -ge 24 ] || fail "refusals are not counted"
    kill "$SENDER"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    # Nor do those who read keep it from ending.
    local n
    for n in 1 2 3 4; do background box curl -sN "http://$HTTP/events" >"$WORK/followed.$n"; done
    within 20 grep -q '^event: beat' "$WORK/followed.4" || fail "nothing is told"
    stop_ajar_soon
    grep -q '^event: now' "$WORK/followed.1" || fail "not everything was told"
}
