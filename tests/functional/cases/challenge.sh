# Reset challenges: a flooded server's clients are served, and nothing is translated.
# shellcheck shell=bash disable=SC2034,SC2086  # places are split on purpose

# Flooded at one of its addresses, the service is guarded at both.
start_challenges() { # answer [method]
    configure <<TOML
[policy]
mode = "enforce"
[[services]]
name = "front"
prefixes = ["$SRV_V4", "$SRV_V6"]
ports = [9200]
answer = "$1"
method = "${2:-challenge}"
service_high = 32
service_low = 8
dwell = "2s"
TOML
    start_ajar
}

# Until its SYNs are challenged: the appliance says so once a second.
flooded_and_guarded() {
    flooded 1000 9200
    within 30 grep -q challenge_sent "$WORK/ajar.log" || fail "no challenge"
}

small_servers() { # [helper]
    local address
    for address in "$SRV_V4" "$SRV_V6"; do
        small_server "$address" 9200 "${1:-greeter}"
        within 20 visited "$address" 9200 || fail "no server at $address"
    done
}

# Everybody is served, with the server's own numbers.
visited_untranslated() { # count of IPv4 [of IPv6]
    local place least=${2:-$1}
    watch_synacks v4 "$SRV_V4" 9200 "$CLI_V4"
    watch_synacks v6 "$SRV_V6" 9200 "$CLI_V6"
    expect "visitors, IPv4" "$(visitors "$SRV_V4" 9200 "$1" 10)" -eq "$1"
    expect "visitors, IPv6" "$(visitors "$SRV_V6" 9200 "$least" 10)" -eq "$least"
    watched v4 "$1"
    watched v6 "$least"
    for place in v4 v6; do
        expect "with the server's number, $place" "$(untranslated $place)" -ge "$least"
        expect "with another one, $place" "$(proxied $place)" -eq 0
    done
}

challenged() { # least number of connections
    expect "challenges met" "$(summary challenges.met)" -ge "$1"
    expect "cookies" "$(summary cookies.sent)" -eq 0
}

TAKES_challenge_flood=22 BUSY_challenge_flood=1
case_challenge_flood() {
    topology_direct
    start_challenges auto
    small_servers
    flooded_and_guarded
    visited_untranslated 120 60
    stop_ajar
    challenged 180
    expect "SYNs of the flood that were answered" "$(summary challenges.sent)" -gt 2000
}

# What a client's firewall calls invalid is a SYN-ACK of a wrong number, but no such ACK.
case_challenge_behind_a_firewall() {
    topology_direct
    cli nft add table inet filter
    cli nft 'add chain inet filter input { type filter hook input priority 0; policy drop; }'
    cli nft add rule inet filter input ct state invalid drop
    cli nft add rule inet filter input ct state established,related accept
    cli nft add rule inet filter input meta l4proto ipv6-icmp accept
    start_challenges always
    small_servers
    visited_untranslated 40
    stop_ajar
    challenged 80
    expect "SYNs that passed unproven" "$(summary challenges.waived)" -eq 0
}

# What the server says goes past the box.
another_way_back() {
    local family address
    link cli c1 srv s1
    plain_frames cli c1 0
    plain_frames srv s1 0
    cli sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.c0.rp_filter=0 net.ipv4.conf.c1.rp_filter=0
    srv sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0
    for family in "-4 $CLI_V4 32" "-6 $CLI_V6 128"; do
        set -- $family
        srv ip "$1" route add "$2/$3" dev s1
        srv ip "$1" neigh add "$2" lladdr "$(cli cat /sys/class/net/c1/address)" dev s1
    done
    for address in "$SRV_V4" "$SRV_V6"; do
        background cli python3 "$HERE/helpers/synacks.py" c0 "$address" 9200 \
            "$([ "$address" = "$SRV_V4" ] && echo "$CLI_V4" || echo "$CLI_V6")" >>"$WORK/through-the-box"
    done
    within 60 both_watch || fail "nobody watches"
}

both_watch() { [ "$(grep -c ready "$WORK/through-the-box")" = 2 ]; }

TAKES_challenge_another_way_back=20 BUSY_challenge_another_way_back=1
case_challenge_another_way_back() {
    topology_direct
    start_challenges auto
    another_way_back
    small_servers
    flooded_and_guarded
    expect "visitors, IPv4" "$(visitors "$SRV_V4" 9200 100 10)" -eq 100
    expect "visitors, IPv6" "$(visitors "$SRV_V6" 9200 100 10)" -eq 100
    expect "SYN-ACKs that the box could see" "$(grep -c '^[0-9]' "$WORK/through-the-box")" -eq 0
    stop_ajar
    challenged 200
}

no_resets_from_clients() {
    cli nft add table inet filter
    cli nft 'add chain inet filter output { type filter hook output priority 0; }'
    cli nft add rule inet filter output tcp flags '&' '(rst|ack)' == rst drop
}

case_challenge_unanswered_passes() {
    topology_direct
    no_resets_from_clients
    start_challenges always
    small_server "$SRV_V4" 9200
    expect "visitors" "$(visitors "$SRV_V4" 9200 3 20)" -eq 3
    stop_ajar
    expect "SYNs that passed unproven" "$(summary challenges.waived)" -ge 3
    expect "challenges met" "$(summary challenges.met)" -eq 0
}

case_challenge_unanswered_gets_a_cookie() {
    topology_direct
    start_challenges always "challenge + cookie"
    small_servers
    sleep 2 # what was seen of the servers is told ten times a second, and no visitor may come to ask
    no_resets_from_clients
    expect "visitors, IPv4" "$(visitors "$SRV_V4" 9200 20 10)" -eq 20
    expect "visitors, IPv6" "$(visitors "$SRV_V6" 9200 20 10)" -eq 20
    stop_ajar
    expect "cookies accepted" "$(summary cookies.accepted)" -eq 40
    expect "SYNs that passed unproven" "$(summary challenges.waived)" -eq 0
}

wired_challenges() { # wire.py's arguments...
    topology_wired "$@"
    start_challenges always
    small_servers
    expect "visitors, IPv4" "$(visitors "$SRV_V4" 9200 20 10 2000)" -eq 20
    expect "visitors, IPv6" "$(visitors "$SRV_V6" 9200 20 10 2000)" -eq 20
    stop_ajar
    challenged 42
}

case_challenge_vlan() {
    wired_challenges --tag 42
    expect "frames without their tag" "$(wire_count foreign)" -eq 0
}

case_challenge_fragments() {
    wired_challenges --fragment 100
    expect "fragments" "$(wire_count fragments)" -gt 1000
}

# A closed port answers for itself.
case_challenge_closed_port() {
    topology_direct
    start_challenges always
    local address
    for address in "$SRV_V4" "$SRV_V6"; do
        cli python3 "$HERE/helpers/refused.py" "$address" 9200 5 || fail "a closed port looks open"
    done
    stop_ajar
    challenged 2
}

case_challenge_ends_after_the_flood() {
    topology_direct
    start_challenges auto
    small_server "$SRV_V4" 9200 echo
    within 20 echoes 9200 || fail "no server"
    talking early 9200
    local early=$TALKER
    flooded_and_guarded
    talking late 9200
    local late=$TALKER
    kill "$FLOOD"
    within 20 unchallenged || fail "challenges do not end"
    goes_on early "$early"
    goes_on late "$late"
    stop_ajar
}
unchallenged() {
    local before
    before=$(told tracker.challenges_sent stats)
    for _ in 1 2 3 4 5; do echoes 9200 || return 1; done
    [ "$(told tracker.challenges_sent stats)" -eq "$before" ]
}
