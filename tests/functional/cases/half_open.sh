# Connections of which one end is gone: found by asking, and ended so that nobody is left hanging.
# shellcheck shell=bash

asking_box() {
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "2s"
timeouts.unacknowledged = "2s"
timeouts.fin_wait = "1s"
timeouts.close_wait = "1s"
probe.interval = "1s"
probe.tries = 4
TOML
    start_ajar
}

# An end dies and nobody hears of it: its socket is gone, and its last words were dropped on its own host.
vanish() { # cli|srv pid
    "$1" nft -f - <<'NFT'
table inet hush {
    chain out { type filter hook output priority 0; tcp flags & (fin | rst) != 0 drop; }
}
NFT
    kill -KILL "$2"
    wait "$2" 2>"$WORK/killed" || true
    "$1" nft delete table inet hush
}

verdicts() { # who, what was found of it
    events event_type=probed "ajar.probe.$1=$2"
}

# What is told of the first connection that was asked.
explains() { # words...
    local uid story words
    uid=$(grep -m1 '"event_type":"probed"' "$WORK/events.json" | sed 's/.*"uid":"\([^"]*\)".*/\1/')
    "$AJAR" explain "$uid" "$WORK/events.json" "$WORK/flows.json" >"$WORK/story" || fail "no story of $uid"
    story=$(tr -s ' \n' ' ' <"$WORK/story")
    for words in "$@"; do
        [[ $story == *"$words"* ]] || fail "not told: $words"
    done
}

the_client_survives() {
    two_ends linger hear say sleep=60 -- say hear reset=20
    within 20 both_connected || fail "no connection"
    vanish srv "$LISTENER"
    wait "$CONNECTOR" || fail "$(cat "$WORK/connector")"
    expect "sockets at the client" "$(sockets cli)" -eq 0
    expect "sockets at the server" "$(sockets srv)" -eq 0
}

the_server_survives() {
    two_ends hear say reset=20 -- linger say hear sleep=60
    within 20 both_connected || fail "no connection"
    vanish cli "$CONNECTOR"
    wait "$LISTENER" || fail "$(cat "$WORK/listener")"
    expect "sockets at the client" "$(sockets cli)" -eq 0
    expect "sockets at the server" "$(sockets srv)" -eq 0
}

either_family_with_and_without_timestamps() { # what happens
    local stamps
    for stamps in 1 0; do
        cli sysctl -qw net.ipv4.tcp_timestamps=$stamps
        for ADDRESS in "$SRV_V4" "$SRV_V6"; do "$1"; done
    done
}

case_half_open_server_killed() {
    topology_direct
    asking_box
    either_family_with_and_without_timestamps the_client_survives
    stop_ajar
    expect "servers found gone" "$(verdicts resp gone)" -eq 4
    explains "2 s for this connection) had run out, so Ajar asked both ends" "The server answered by a RST: it has no such connection" \
        "The client learned from its peer's RST that the connection is gone." "ended: "
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

case_half_open_client_killed() {
    topology_direct
    asking_box
    either_family_with_and_without_timestamps the_server_survives
    stop_ajar
    expect "clients found gone" "$(verdicts orig gone)" -eq 4
}

both_live_on() {
    two_ends hear say sleep=9 hear say -- say hear sleep=9 say hear
    both_end_well
}

case_half_open_both_alive() {
    topology_direct
    asking_box
    either_family_with_and_without_timestamps both_live_on
    stop_ajar
    expect "found alive" "$(events event_type=probed ajar.reason=proven_alive)" -ge 8
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

case_half_open_keepalives_speak_for_themselves() {
    topology_direct
    asking_box
    two_ends hear say sleep=9 hear say -- keepalive=1 say hear sleep=9 say hear
    both_end_well
    stop_ajar
    expect "asked" "$(events event_type=probed dest_port=$PORT)" -eq 0
}

case_half_open_half_closed_and_quiet() {
    topology_direct
    asking_box
    two_ends hear sleep=8 drip=2 -- say half sleep=5 finish
    both_end_well
    grep -qx "received 2000" "$WORK/connector" || fail "the transfer was cut: $(cat "$WORK/connector")"
    stop_ajar
    expect "found alive" "$(events event_type=probed ajar.reason=proven_alive)" -ge 1
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# Nobody answers from there, and then the network is back: whoever speaks first learns that it is over.
case_half_open_network_gone() {
    topology_direct
    asking_box
    two_ends hear say sleep=14 say reset=2 -- say hear reset=12
    within 20 both_connected || fail "no connection"
    srv ip link set s0 down
    wait "$CONNECTOR" || fail "$(cat "$WORK/connector")"
    srv ip link set s0 up
    srv ip route add default via "$CLI_V4"
    wait "$LISTENER" || fail "$(cat "$WORK/listener")"
    expect "sockets at the client" "$(sockets cli)" -eq 0
    expect "sockets at the server" "$(sockets srv)" -eq 0
    stop_ajar
    expect "servers found silent" "$(verdicts resp silent)" -eq 1
    explains "so Ajar asked both ends whether they still have the connection: in 4 rounds, 1 s apart or more (probe.interval);" \
        "The server did not answer Ajar, which asked 4 times" "evicted: proven_dead" "RST to the client" \
        "The client was told by an exact RST"
}

# Data that was under way when its receiver died is sent again and again; what would refuse it is dropped at first.
case_half_open_data_in_flight() {
    topology_direct
    asking_box
    two_ends linger hear say sleep=60 -- say hear sleep=2 say reset=20
    within 20 both_connected || fail "no connection"
    srv nft -f - <<'NFT'
table inet hush {
    chain out { type filter hook output priority 0; tcp sport 9000 drop; }
}
NFT
    kill -KILL "$LISTENER"
    sleep 3
    srv nft delete table inet hush
    wait "$CONNECTOR" || fail "$(cat "$WORK/connector")"
    expect "sockets at the client" "$(sockets cli)" -eq 0
    stop_ajar
}

# The server's words take another way from some moment on: nobody here knows that it lives, and nothing is done.
case_half_open_answers_pass_elsewhere() {
    topology_direct
    link srv s1 cli c1
    plain_frames srv s1 1
    plain_frames cli c1 1
    cli sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.c1.rp_filter=0 net.ipv4.conf.c0.rp_filter=0
    asking_box
    two_ends hear say sleep=2 say sleep=11 hear say -- say hear sleep=1 hear sleep=11 say hear
    within 20 both_connected || fail "no connection"
    srv ip neigh add "$CLI_V4" dev s1 lladdr "$(cli cat /sys/class/net/c1/address)" nud permanent
    srv ip route add "$CLI_V4/32" dev s1
    both_end_well
    stop_ajar
    expect "undecided" "$(events event_type=probed ajar.reason=probe_undecided)" -ge 1
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# The server's host is a namespace of its own behind srv's bridge, so that it can go without its link.
topology_hosted() {
    topology_direct
    srv ip addr flush dev s0
    srv ip link add sbr type bridge
    srv ip link set s0 master sbr
    promiscuous srv sbr
    host_server
}
host_server() {
    add_namespaces host
    ip -n "$(namespace srv)" link add h0 type veth peer name h1 netns "$(namespace host)"
    promiscuous srv h0
    srv ip link set h0 master sbr
    ip -n "$(namespace host)" link set h1 address 02:00:00:00:77:02
    address_end host h1 "$SRV_V4" "$SRV_V6" 1500
    host ip route add default via "$CLI_V4"
}
host() { ip netns exec "$(namespace host)" "$@"; }

# Its process dies unheard, and with its namespace all of its sockets. Then it is there again, and knows nothing.
crash_and_reboot() { # pid
    host nft add table inet hush
    host nft "add chain inet hush out { type filter hook output priority 0; tcp flags & (fin | rst) != 0 drop; }"
    kill -KILL "$1"
    wait "$1" 2>"$WORK/killed" || true
    srv ip link del h0
    ip netns del "$(namespace host)"
    host_server
}

survives_a_reboot() { # connector's steps
    topology_hosted
    asking_box
    background host python3 "$HERE/helpers/ends.py" listen "$SRV_V4" "$PORT" hear say sleep=60 >"$WORK/listener" 2>&1
    local listener=$!
    within 20 hosted_listens || fail "nobody listens"
    background cli python3 "$HERE/helpers/ends.py" connect "$SRV_V4" "$PORT" "$@" >"$WORK/connector" 2>&1
    CONNECTOR=$!
    within 20 hosted_connected || fail "no connection"
    crash_and_reboot "$listener"
    wait "$CONNECTOR" || fail "$(cat "$WORK/connector")"
    expect "sockets at the client" "$(sockets cli)" -eq 0
    stop_ajar
}
hosted_listens() { [ -n "$(host ss -Htln "sport = :$PORT")" ]; }
hosted_connected() { [ "$(sockets host)" = 1 ]; }

case_half_open_server_rebuilt_client_silent() {
    survives_a_reboot say hear reset=20
    expect "servers found gone" "$(verdicts resp gone)" -eq 1
}

case_half_open_server_rebuilt_client_sends() {
    survives_a_reboot say hear sleep=1 say reset=10
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

# Ajar has seen data that its receiver never got: the receiver's reset must name the number that it expects.
case_half_open_data_lost_behind() {
    topology_direct
    asking_box
    two_ends hear say reset=25 -- linger say hear sleep=2 say sleep=60
    within 20 both_connected || fail "no connection"
    srv nft -f - <<'NFT'
table inet deaf {
    chain in { type filter hook input priority 0; tcp dport 9000 drop; }
}
NFT
    sleep 3
    vanish cli "$CONNECTOR"
    srv nft delete table inet deaf
    wait "$LISTENER" || fail "$(cat "$WORK/listener")"
    expect "sockets at the server" "$(sockets srv)" -eq 0
    expect "challenge ACKs of the server" "$(challenge_acks srv)" -eq 0
    stop_ajar
    expect "clients found gone" "$(verdicts orig gone)" -eq 1
}

# For a while the client's words went another way: what Ajar knows of its timestamps is stale.
case_half_open_stale_timestamp() {
    topology_direct
    link srv s1 cli c1
    plain_frames srv s1 1
    plain_frames cli c1 1
    srv sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0 net.ipv4.conf.s1.rp_filter=0
    asking_box
    two_ends hear say hear say hear say sleep=12 hear say -- \
        say hear sleep=1 say hear sleep=1 say hear sleep=12 say hear
    within 20 both_connected || fail "no connection"
    sleep 0.5
    cli ip neigh add "$SRV_V4" dev c1 lladdr "$(srv cat /sys/class/net/s1/address)" nud permanent
    cli ip route add "$SRV_V4/32" dev c1 src "$CLI_V4"
    sleep 3
    cli ip route del "$SRV_V4/32" dev c1
    both_end_well
    stop_ajar
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# Somebody spends what the server's host may say to segments that do not fit.
case_half_open_challenge_budget_spent() {
    topology_direct
    srv sysctl -qw net.ipv4.tcp_challenge_ack_limit=1
    asking_box
    two_ends hear say sleep=11 hear say -- say hear sleep=11 say hear
    within 20 both_connected || fail "no connection"
    local port
    port=$(cli ss -Htn state established "( dport = :$PORT )" | awk '{ sub(/.*:/, "", $3); print $3 }')
    background cli hping3 -q -S -p "$PORT" -s "$port" -k -i u2000 "$SRV_V4" >"$WORK/hping3.log" 2>&1
    both_end_well
    stop_ajar
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# The control: with a bridge in the appliance's place whoever survives still hangs after ten times as long.
survivor_hangs() { # who dies, who survives, port
    PORT=$3
    local lives="hear say silence=35" dies="say hear sleep=50"
    if [ "$2" = srv ]; then
        two_ends $lives -- linger $dies
    else
        two_ends linger hear say sleep=50 -- say hear silence=35
    fi
    within 20 both_connected || fail "no connection"
    if [ "$1" = srv ]; then vanish srv "$LISTENER"; else vanish cli "$CONNECTOR"; fi
}

case_half_open_control_bridge() {
    topology_direct
    bridge_instead
    survivor_hangs srv cli 9000
    local client=$CONNECTOR
    survivor_hangs cli srv 9001
    local server=$LISTENER
    wait "$client" || fail "the client does not hang: $(cat "$WORK/connector")"
    wait "$server" || fail "the server does not hang: $(cat "$WORK/listener")"
    echo "after 35 s both are still hanging"
}
