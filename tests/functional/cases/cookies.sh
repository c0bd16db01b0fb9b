# SYN cookies: a flooded server's clients are served, whatever options they use.
# shellcheck shell=bash disable=SC2034,SC2086  # EMBRYONIC is read by configure(); places are split on purpose

# A server that a flood of a few SYNs a second would close to everybody else.
small_server() { # address port [helper [backlog]]
    srv sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0
    background srv python3 "$HERE/helpers/${3:-greeter}.py" "$1" "$2" "${4:-16}"
}

flooded() { # rate in microseconds, port
    background cli hping3 -q -S -p "$2" --rand-source -i "u$1" "$SRV_V4" >"$WORK/hping3.log" 2>&1
    FLOOD=$!
}

cookie_box() { # answer
    topology_direct
    start_cookies "$1"
}

start_cookies() { # answer
    configure <<TOML
[policy]
mode = "enforce"
[defence]
answer = "$1"
service_high = ${SERVICE_HIGH:-32}
service_low = 8
dwell = "2s"
key_file = "${KEY_FILE:-}"
TOML
    start_ajar
}

visitors() { # address port count
    cli python3 "$HERE/helpers/visitors.py" "$@"
}

# How many of so many at a time got what they asked for. Gopher is a line there and bytes back.
curls() { # host port count [seconds]
    local url="gopher://$1:$2/020000%201"
    cli bash -c 'seq "$1" | xargs -P 20 -I{} sh -c "curl -gs -m \"$2\" -o - \"$3\" | wc -c"' \
        - "$3" "${4:-5}" "$url" | grep -cx 20000 || true
}

BUSY_cookies_control_off=1
case_cookies_control_off() {
    cookie_box off
    small_server "$SRV_V4" 9200
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    flooded 1000 9200
    sleep 1
    expect "visitors served without cookies" "$(visitors "$SRV_V4" 9200 40 2)" -lt 20
}

visited() { [ "$(visitors "$1" "$2" 1 1)" = 1 ]; }

# Who comes is let in by a cookie. An appliance that has just seen a server for the first time does so a moment
# later: it tells itself ten times a second.
let_in_by_cookie() { # a visitor's command...
    local before
    before=$(told tracker.cookies_accepted stats)
    "$@" && [ "$(told tracker.cookies_accepted stats)" -gt "$before" ]
}

# A server of both families, and a flood of SYNs over each.
both_flooded() {
    small_server "$SRV_V4" 9200
    small_server "$SRV_V6" 9200
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    within 20 visited "$SRV_V6" 9200 || fail "no server"
    srv ip -6 route add default via "$CLI_V6"
    flooded 1000 9200
    background cli python3 "$HERE/helpers/syns6.py" c0 "$(srv cat /sys/class/net/s0/address)" "$SRV_V6" 9200 1000
    sleep 1
}

TAKES_cookies_flood=22 BUSY_cookies_flood=1
case_cookies_flood() {
    cookie_box auto
    both_flooded
    local options
    for options in "1 1 1" "0 1 1" "1 0 1" "1 1 0" "0 0 0"; do
        set -- $options
        cli sysctl -qw net.ipv4.tcp_timestamps="$1" net.ipv4.tcp_sack="$2" net.ipv4.tcp_window_scaling="$3"
        expect "served by IPv4, timestamps, SACK, scaling $options" "$(curls "$SRV_V4" 9200 20)" -eq 20
        expect "served by IPv6, timestamps, SACK, scaling $options" "$(curls "[$SRV_V6]" 9200 20)" -eq 20
    done
    stop_ajar
    expect "cookies" "$(dropped cookie_sent)" -gt 500
    expect "cookies that came back" "$(dropped cookie_accepted)" -ge 200
}

# The same flood with a bridge in the appliance's place.
BUSY_cookies_control_bridge=1
case_cookies_control_bridge() {
    topology_direct
    bridge_instead
    both_flooded
    expect "served by IPv4 without Ajar" "$(curls "$SRV_V4" 9200 40 2)" -lt 20
    expect "served by IPv6 without Ajar" "$(curls "[$SRV_V6]" 9200 40 2)" -lt 20
}

# One service is defended while the rest is only watched, and a reload ends it.
TAKES_cookies_for_one_service=24 BUSY_cookies_for_one_service=1
case_cookies_for_one_service() {
    topology_direct
    one_service auto
    start_ajar
    small_server "$SRV_V4" 9200
    small_server "$SRV_V4" 9201
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    within 20 visited "$SRV_V4" 9201 || fail "no second server"
    flooded 1000 9200
    sleep 1
    expect "visitors served" "$(visitors "$SRV_V4" 9200 100)" -eq 100
    one_service off
    kill -HUP "$AJAR_PID"
    within 20 policy_is_new || fail "nothing was reloaded"
    sleep 1 # the server is full again
    expect "visitors served without cookies" "$(visitors "$SRV_V4" 9200 40 2)" -lt 20
    kill "$FLOOD"
    flooded 1000 9201
    sleep 1
    expect "visitors of the one that is watched" "$(visitors "$SRV_V4" 9201 40 2)" -lt 20
    stop_ajar
    expect "cookies" "$(dropped cookie_sent)" -gt 300
}

policy_is_new() { [ "$(told generation stats)" -gt 1 ]; }
one_service() { # answer
    configure <<TOML
[policy]
mode = "observe"
[[services]]
name = "front"
prefixes = ["$SRV_V4", "$SRV_V6"]
ports = [9200]
mode = "enforce"
answer = "$1"
service_high = 32
service_low = 8
dwell = "2s"
TOML
}

TAKES_cookies_always=18
case_cookies_always() {
    cookie_box always
    small_server "$SRV_V4" 9200
    small_server "$SRV_V6" 9200
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    within 20 visited "$SRV_V6" 9200 || fail "no server"
    local options
    for options in "1 1 1" "0 1 1" "1 0 1" "1 1 0" "0 0 0"; do
        set -- $options
        cli sysctl -qw net.ipv4.tcp_timestamps="$1" net.ipv4.tcp_sack="$2" net.ipv4.tcp_window_scaling="$3"
        expect "visitors, IPv4, timestamps, SACK, scaling $options" "$(visitors "$SRV_V4" 9200 20)" -eq 20
        expect "visitors, IPv6, timestamps, SACK, scaling $options" "$(visitors "$SRV_V6" 9200 20)" -eq 20
    done
    stop_ajar
    expect "cookies accepted" "$(dropped cookie_accepted)" -ge 200
}

# An appliance that answers in the name of servers which it has seen once, behind the wire helper.
wired_cookies() { # wire.py's arguments...
    topology_wired "$@"
    start_cookies always
    local address
    for address in "$SRV_V4" "$SRV_V6"; do
        small_server "$address" 9200
        within 20 let_in_by_cookie visited "$address" 9200 || fail "no server at $address"
    done
}

case_cookies_vlan() {
    wired_cookies --tag 42
    visited_through_cookies 20
    expect "frames without their tag" "$(wire_count foreign)" -eq 0
}

case_cookies_qinq() {
    wired_cookies --tag 100.42
    visited_through_cookies 20
    expect "frames without their tags" "$(wire_count foreign)" -eq 0
}

# A first piece that does not hold the whole TCP header is refused, so the handshake comes in one.
case_cookies_fragments() {
    wired_cookies --fragment 100
    visited_through_cookies 20 2000
    expect "fragments" "$(wire_count fragments)" -gt 1000
}

visited_through_cookies() { # count [bytes]
    local address
    for address in "$SRV_V4" "$SRV_V6"; do
        expect "visitors of $address" "$(visitors "$address" 9200 "$1" 10 "${2:-20000}")" -eq "$1"
    done
    stop_ajar
    expect "cookies accepted" "$(dropped cookie_accepted)" -ge $((2 * $1))
}

# Translated SACK blocks and timestamps, over enough bytes to need them.
counter() { # cli|srv name
    "$1" nstat -asz "$2" | awk -v name="$2" '$1 == name { print $2 }'
}

speaks_all() { # cli|srv: does a connection use all of these?
    "$1" ss -Htino "( sport = :5301 or dport = :5301 )" | grep -q ' ts sack .*wscale:'
}

transfer() { # bytes iperf3's arguments...
    local bytes=$1
    shift
    background cli iperf3 -p 5301 -n "$bytes" --json -c "$@" >"$WORK/iperf3.json"
    local sender=$!
    within 20 speaks_all cli || fail "no timestamps, SACK and window scale at the client"
    within 20 speaks_all srv || fail "no timestamps, SACK and window scale at the server"
    wait "$sender" || fail "iperf3 $*: status $?"
    echo "$bytes, $*: $(python3 "$HERE/helpers/mbits.py" "$WORK/iperf3.json") Mbit/s"
}

TAKES_cookies_transfer_with_loss_and_reordering=25 BUSY_cookies_transfer_with_loss_and_reordering=1
case_cookies_transfer_with_loss_and_reordering() {
    wired_cookies --loss 0.1 --reorder 0.5
    background srv iperf3 -s -p 5301 >"$WORK/iperf3-server.log" 2>&1
    local address end
    for address in "$SRV_V4" "$SRV_V6"; do
        within 20 let_in_by_cookie cli iperf3 -p 5301 -n 1K -c "$address" >"$WORK/iperf3.log" || fail "no server"
    done
    transfer 100M "$SRV_V4"
    transfer 100M "$SRV_V6" -R
    stop_ajar
    expect "lost frames" "$(wire_count lost)" -gt 20
    expect "reordered frames" "$(wire_count reordered)" -gt 100
    for end in cli srv; do
        expect "losses that SACK told $end" "$(counter $end TcpExtTCPSackRecovery)" -gt 5
        expect "SACK blocks of no use to $end" "$(counter $end TcpExtTCPSACKDiscard)" -eq 0
        expect "timestamps too old for $end" "$(counter $end TcpExtPAWSEstab)" -lt "$(wire_count reordered)"
        expect "wrong checksums at $end" "$(counter $end TcpInCsumErrors)" -eq 0
    done
    expect "cookies accepted" "$(dropped cookie_accepted)" -ge 4
}

# What SEQ did the server send in its SYN-ACK, what did the client see?
watch_synacks() { # name server port client
    background srv python3 "$HERE/helpers/synacks.py" s0 "$2" "$3" "$4" >"$WORK/$1.srv"
    background cli python3 "$HERE/helpers/synacks.py" c0 "$2" "$3" "$4" >"$WORK/$1.cli"
    local end
    for end in srv cli; do
        within 60 grep -qs ready "$WORK/$1.$end" || fail "nobody watches the SYN-ACKs at $end"
    done
}

seen_at() { # name cli|srv
    grep '^[0-9]' "$WORK/$1.$2" | sort -u
}
untranslated() { # name: how many connections showed the server's own number to the client
    comm -12 <(seen_at "$1" srv) <(seen_at "$1" cli) | wc -l
}
proxied() { # name: how many another one
    comm -13 <(seen_at "$1" srv) <(seen_at "$1" cli) | wc -l
}

# Those who watch have seen the same connections at both ends, so many at least: now they can be counted.
ports_seen() { seen_at "$1" "$2" | cut -d' ' -f1 | uniq; } # name cli|srv
all_watched() { # name count
    local ports
    ports=$(ports_seen "$1" cli)
    [ "$ports" = "$(ports_seen "$1" srv)" ] && [ "$(wc -w <<<"$ports")" -ge "$2" ]
}
watched() { # name count
    within 20 all_watched "$@" ||
        fail "of $2 connections ($1) the watchers have seen $(ports_seen "$1" cli | wc -l) and $(ports_seen "$1" srv | wc -l)"
}

TAKES_cookies_for_the_flooded_service_only=20 BUSY_cookies_for_the_flooded_service_only=1
case_cookies_for_the_flooded_service_only() {
    cookie_box auto
    small_server "$SRV_V4" 9200
    small_server "$SRV_V4" 9300 greeter 64
    small_server "$SRV_V6" 9200 greeter 64
    local place
    for place in "$SRV_V4 9200" "$SRV_V4 9300" "$SRV_V6 9200"; do
        within 20 visited $place || fail "no server at $place"
    done
    flooded 1000 9200
    within 20 let_in_by_cookie visited "$SRV_V4" 9200 || fail "the flood is not noticed"
    watch_synacks flooded "$SRV_V4" 9200 "$CLI_V4"
    watch_synacks port "$SRV_V4" 9300 "$CLI_V4"
    watch_synacks family "$SRV_V6" 9200 "$CLI_V6"
    # Fewer at once than the mark: on a busy machine all of them may be half open for a moment.
    for place in "$SRV_V4 9200" "$SRV_V4 9300" "$SRV_V6 9200"; do
        expect "visitors of $place" "$(visitors $place 24)" -eq 24
    done
    for place in flooded port family; do watched $place 24; done
    expect "proxied, of the flooded service" "$(proxied flooded)" -ge 24
    expect "with the server's number, of the flooded service" "$(untranslated flooded)" -eq 0
    for place in port family; do
        expect "proxied, of another $place" "$(proxied $place)" -eq 0
        expect "with the server's number, of another $place" "$(untranslated $place)" -eq 24
    done
    stop_ajar
}

# A connection that goes on until it is told to stop.
talking() { # name port [count]
    background cli python3 "$HERE/helpers/talk.py" "$SRV_V4" "$2" "${3:-1}" >"$WORK/$1"
    TALKER=$!
    within 30 grep -qs connected "$WORK/$1" || fail "$1: no connection"
}
goes_on() { # name pid
    kill -INT "$2"
    wait "$2" || fail "$1: $(tail -n 1 "$WORK/$1")"
    echo "$1: $(tail -n 1 "$WORK/$1")"
}

echoes() { cli python3 "$HERE/helpers/ends.py" connect "$SRV_V4" "$1" say hear; }

shown() { # count name
    [ "$(untranslated "$2")" -ge "$1" ]
}

# The client sees the server's own number again.
unproxied_again() {
    local before
    before=$(untranslated all)
    one_more_echoes 9200 || fail "a connection failed while cookie mode ends"
    [ "$(untranslated all)" -gt "$before" ]
}
# And those who watch have seen it.
one_more_echoes() { # port
    local seen
    seen=$(ports_seen all cli | wc -l)
    echoes "$1" && watched all $((seen + 1))
}

TAKES_cookies_end_after_the_flood=25
case_cookies_end_after_the_flood() {
    cookie_box auto
    small_server "$SRV_V4" 9200 echo
    within 20 echoes 9200 || fail "no server"
    watch_synacks all "$SRV_V4" 9200 "$CLI_V4"
    talking early 9200
    local early=$TALKER proxied plain over
    watched all 1
    expect "proxied before the flood" "$(proxied all)" -eq 0
    expect "with the server's number before the flood" "$(untranslated all)" -eq 1
    flooded 1000 9200
    within 20 let_in_by_cookie one_more_echoes 9200 || fail "the flood is not noticed"
    proxied=$(proxied all) plain=$(untranslated all)
    talking late 9200
    local late=$TALKER
    watched all $((proxied + plain + 1))
    expect "proxied in the flood" "$(proxied all)" -eq $((proxied + 1))
    expect "with the server's number in the flood" "$(untranslated all)" -eq "$plain"
    over=${EPOCHREALTIME/./}
    kill "$FLOOD"
    # A look that took longer than the dwell says nothing.
    ! unproxied_again || [ $((${EPOCHREALTIME/./} - over)) -gt 2000000 ] ||
        fail "cookie mode ended with the flood, not after the dwell"
    within 20 unproxied_again || fail "cookie mode does not end"
    proxied=$(proxied all) plain=$(untranslated all)
    for _ in 1 2 3 4 5; do echoes 9200 || fail "a connection failed after cookie mode"; done
    within 15 shown $((plain + 5)) all || fail "cookie mode ended, but not for all"
    expect "proxied in all, as before" "$(proxied all)" -eq "$proxied"
    goes_on early "$early"
    goes_on late "$late"
    stop_ajar
}

# The first client learns it by a RST, the next ones as from the server itself.
case_cookies_closed_port() {
    cookie_box always
    local address port=9200 accepted
    for address in "$SRV_V4" "$SRV_V6"; do
        small_server "$address" $port
        local server=$!
        within 20 let_in_by_cookie visited "$address" $port || fail "no server"
        kill "$server"
        within 20 nobody_listens || fail "the server does not stop"
        expect "status of a client that the server does not want" "$(hears "$address" $port)" -eq 1
        within 10 cli python3 "$HERE/helpers/refused.py" "$address" $port || fail "a closed port looks open"
        accepted=$(told tracker.cookies_accepted stats)
        cli python3 "$HERE/helpers/refused.py" "$address" $port 5 || fail "a closed port looks open again"
        cli python3 "$HERE/helpers/refused.py" "$address" 9201 5 || fail "a port that never was open looks so"
        expect "cookies accepted, as before" "$(told tracker.cookies_accepted stats)" -eq "$accepted"
    done
    stop_ajar
}
# 0 if there was an answer, 1 after a reset, 124 if there was neither.
hears() { # address port
    cli timeout 4 python3 "$HERE/helpers/ends.py" connect "$1" "$2" hear >"$WORK/hears" 2>&1 && echo 0 || echo $?
}
nobody_listens() { [ -z "$(srv ss -Htln "sport = :9200")" ]; }

# The server's host drops what comes: the client is told when the tries are over.
case_cookies_dead_server() {
    cookie_box always
    local address clients=()
    for address in "$SRV_V4" "$SRV_V6"; do
        small_server "$address" 9200
        within 20 let_in_by_cookie visited "$address" 9200 || fail "no server"
    done
    srv nft add table inet filter
    srv nft 'add chain inet filter input { type filter hook input priority 0; }'
    srv nft add rule inet filter input tcp dport 9200 drop
    for address in "$SRV_V4" "$SRV_V6"; do
        background cli python3 "$HERE/helpers/ends.py" connect "$address" 9200 silence=4 reset=5
        clients+=($!)
    done
    wait "${clients[0]}" || fail "IPv4"
    wait "${clients[1]}" || fail "IPv6"
    stop_ajar
}

# Ten times what the embryonic store holds, while connections that stand go on. (Of random sources one in sixteen
# is no address that a packet may come from.)
crowd_through_flood() { # answer
    EMBRYONIC=1Ki # of configure()
    cookie_box "$1"
    small_server "$SRV_V4" 9300 echo 512
    within 20 echoes 9300 || fail "no server"
    talking crowd 9300 300
    local crowd=$TALKER before
    small_server "$SRV_V4" 9200
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    before=$(resident)
    cli hping3 -q -S -p 9200 --rand-source -i u100 -c 12500 "$SRV_V4" >"$WORK/hping3.log" 2>&1 || true
    expect "KiB that the flood cost" $(($(resident) - before)) -lt 8192
    goes_on crowd "$crowd"
    stop_ajar
    expect "resets of the crowd" "$(events event_type=reset_sent dest_port=9300)" -eq 0
}
resident() { awk '/^VmRSS/ { print $2 }' "/proc/$AJAR_PID/status"; }

TAKES_cookies_crowd_through_flood_off=15 BUSY_cookies_crowd_through_flood_off=1
case_cookies_crowd_through_flood_off() {
    crowd_through_flood off
    expect "half-open flows" "$(summary flows.created)" -ge $((10 * 1024))
    expect "half-open flows that gave way" "$(summary ends.embryonic_full)" -ge $((9 * 1024))
}

TAKES_cookies_crowd_through_flood_auto=15 BUSY_cookies_crowd_through_flood_auto=1
case_cookies_crowd_through_flood_auto() {
    crowd_through_flood auto
    expect "cookies" "$(dropped cookie_sent)" -ge $((10 * 1024))
    expect "flows" "$(summary flows.created)" -lt 1024
}

new_key() { # file
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$1"
    chmod 600 "$1"
}

# A client that believes in its connection, and whose ACKs go nowhere until the appliance is another one.
late_client() { # port
    cli nft add rule inet late output tcp sport "$1" tcp flags \& \(syn\|ack\) == ack drop
    background cli curl -s -m 40 --local-port "$1" -o "$WORK/late-$1" "gopher://$SRV_V4:9200/020000%201"
    LATE=$!
    within 20 connected_from "$1" || fail "no cookie"
}
connected_from() { [ -n "$(cli ss -Htn state established "sport = :$1")" ]; }

another_appliance() {
    kill -KILL "$AJAR_PID"
    wait "$AJAR_PID" || true
    start_ajar
    within 20 let_in_by_cookie visited "$SRV_V4" 9200 || fail "the other appliance has not learned the server"
}

# What one appliance has promised another one keeps, if they share a key.
TAKES_cookies_of_another_appliance=20
case_cookies_of_another_appliance() {
    KEY_FILE=$WORK/key
    new_key "$KEY_FILE"
    cookie_box always
    small_server "$SRV_V4" 9200
    within 20 let_in_by_cookie visited "$SRV_V4" 9200 || fail "no server"
    cli nft add table inet late
    cli nft 'add chain inet late output { type filter hook output priority 0; }'
    late_client 40001
    another_appliance
    cli nft flush chain inet late output
    wait "$LATE" || fail "the client was let down: curl's status $?"
    expect "bytes that it got" "$(wc -c <"$WORK/late-40001")" -eq 20000

    late_client 40002
    new_key "$KEY_FILE"
    another_appliance
    cli nft flush chain inet late output
    ! wait "$LATE" || fail "a cookie of nobody's key was accepted"
    stop_ajar
}

# A flood over so many ports that no service's mark is reached fills the store: stage after stage.
TAKES_pressure_rises_and_falls=45
case_pressure_rises_and_falls() {
    EMBRYONIC=512 SERVICE_HIGH=1000000
    cookie_box auto
    small_server "$SRV_V4" 9200
    within 20 visited "$SRV_V4" 9200 || fail "no server"
    srv nft add table inet quiet
    srv nft 'add chain inet quiet input { type filter hook input priority 0; }'
    srv nft add rule inet quiet input tcp dport 10000-60000 drop # no RST: they stay half open
    background cli hping3 -q -S -p ++10000 --rand-source -i u500 "$SRV_V4" >"$WORK/hping3.log" 2>&1
    local flood=$!
    local stage
    for stage in shorter_timers cookies; do
        within 30 entered "$stage" || fail "no stage $stage"
    done
    expect "visitors served under pressure" "$(visitors "$SRV_V4" 9200 20)" -eq 20
    kill "$flood"
    # The cookies stay for 30 s more (policy/pressure.hpp).
    for stage in cookies shorter_timers; do
        within 70 left "$stage" || fail "stage $stage does not end"
    done
    stop_ajar
    expect "connections refused" "$(dropped confirmed_full)" -eq 0
}
entered() { [ "$(events ajar.change=rung_entered "ajar.name=$1")" -ge 1 ]; }
left() { [ "$(events ajar.change=rung_left "ajar.name=$1")" -ge 1 ]; }
