# Two appliances behind one ECMP that share what they see by a real redis-server, and what becomes of them when
# that is gone, mute or mad.
#
#   c0 -- box1c {one} box1s -- s0     10.77.0.0/24     {cli} ECMP to 10.99.0.9 {srv}
#   c1 -- box2c {two} box2s -- s1     10.78.0.0/24
# shellcheck shell=bash

FLEET_ADDRESS=10.99.0.9 # the server's, by either way
FLEET_MARK=100          # half-open connections

fleet_net() {
    add_namespaces cli srv box
    local n
    for n in 1 2; do
        link box "box${n}c" cli "c$((n - 1))"
        link box "box${n}s" srv "s$((n - 1))"
        promiscuous box "box${n}c" "box${n}s"
        address_end cli "c$((n - 1))" "10.7$((n + 6)).0.1" "fd7$((n + 6))::1" 1500
        address_end srv "s$((n - 1))" "10.7$((n + 6)).0.2" "fd7$((n + 6))::2" 1500
    done
    srv ip addr add $FLEET_ADDRESS/32 dev lo
    cli sysctl -qw net.ipv4.fib_multipath_hash_policy=1
    cli ip route add $FLEET_ADDRESS/32 nexthop via 10.77.0.2 dev c0 nexthop via 10.78.0.2 dev c1
}

# Its own keys from standard input.
fleet_configure() { # number
    mkdir -p "$WORK/$1"
    cat - >"$WORK/$1/ajar.toml"
    cat >>"$WORK/$1/ajar.toml" <<TOML
[[ports]]
a = "net_af_xdp0,iface=box${1}c,force_copy=1"
b = "net_af_xdp1,iface=box${1}s,force_copy=1"
[appliance]
hugepages = "off"
drain_time = "0s"
[policy]
mode = "enforce"
[tables]
confirmed = "16Ki"
embryonic = "16Ki"
tombstones = "16Ki"
[defence]
service_high = $FLEET_MARK
service_low = 20
[http]
listen = ""
[events]
file = "$WORK/$1/events.json"
TOML
}

# Sets FLEET_PID_1, FLEET_PID_2.
fleet_start() { # number
    RUNTIME_DIRECTORY=$WORK/$1 background box taskset -c "$(one_cpu)" "$AJAR" run -c "$WORK/$1/ajar.toml" \
        --summary "$WORK/$1/summary.json" >>"$WORK/$1/log" 2>&1
    printf -v "FLEET_PID_$1" %s $!
}
fleet_crosses() { # number [seconds]
    cli python3 "$HERE/helpers/refused.py" "10.7$(($1 + 6)).0.2" 9 "${2:-0.5}"
}
fleet_stop() { # number: before the wire's own patience with Redis ends, 5 s, and every packet is accounted for
    local pid=FLEET_PID_$1 begun=${EPOCHREALTIME/./}
    kill -TERM "${!pid}"
    wait "${!pid}" || fail "appliance $1 ended with status $?: $(tail -n 5 "$WORK/$1/log")"
    expect "milliseconds to stop" $(((${EPOCHREALTIME/./} - begun) / 1000)) -lt 4500
}
fleet_ask() { # number verb...
    local n=$1
    shift
    RUNTIME_DIRECTORY=$WORK/$n "$AJAR" "$@"
}
# A member of its posture or stats, as Python sees it.
fleet_told() { # number verb expression of `a`
    fleet_ask "$1" "$2" -o json | python3 -c 'import json, sys; a = json.load(sys.stdin); print(eval(sys.argv[1]))' "$3"
}
fleet_is() { # number verb expression
    [ "$(fleet_told "$@")" = True ]
}

fleet_redis() { # options of redis-server...
    rm -f "$WORK/redis.sock"
    background box redis-server --port 0 --unixsocket "$WORK/redis.sock" --dir "$WORK" --save '' \
        --appendonly no "$@" >>"$WORK/redis.log"
    REDIS_PID=$!
    within 20 test -S "$WORK/redis.sock" || fail "no redis-server: $(tail -n 3 "$WORK/redis.log")"
}
fleet_cli() { # redis-cli's words...
    redis-cli -s "$WORK/redis.sock" "$@"
}
fleet_keys() { # name, for fleet_configure
    printf '[share]\nserver = "unix:%s/redis.sock"\nname = "%s"\n' "$WORK" "$1"
}
fleet_flooded() { # number
    python3 "$HERE/helpers/count.py" "$WORK/$1/events.json" event_type=defence ajar.change=flooded dest_ip=$FLEET_ADDRESS
}

# 150 connections in four seconds that nobody answers, half of them by each way.
fleet_flood() {
    srv nft -f - <<NFT
table ip mute {
    chain in {
        type filter hook input priority 0
        tcp dport 9100 drop
    }
}
NFT
    background cli python3 "$HERE/helpers/spread.py" $FLEET_ADDRESS 9100 150 4
}

needs_redis() {
    type -P redis-server >/dev/null || skip "no redis-server"
    type -P redis-cli >/dev/null || skip "no redis-cli"
}

# Neither half passes the mark; both together do.
case_share_sums() {
    needs_redis
    fleet_net
    fleet_redis
    local n
    for n in 1 2; do
        fleet_keys box$n | fleet_configure $n
        fleet_start $n
    done
    for n in 1 2; do
        within 30 fleet_crosses $n || fail "nothing crosses box $n"
        within 20 fleet_is $n stats 'a["share"]["up"] and a["share"]["boxes"] == 1' || fail "box $n is alone: $(cat "$WORK/$n/log")"
    done
    fleet_flood
    for n in 1 2; do
        within 20 fleet_gates $n || fail "box $n sees no flood: $(fleet_ask $n posture)"
        expect "half open at box $n" "$(fleet_told $n stats 'a["tracker"]["half_open"]')" -lt $FLEET_MARK
        expect "gates of box $n" "$(fleet_flooded $n)" -eq 1
        grep '"change":"flooded"' "$WORK/$n/events.json" | grep -q '"elsewhere":[1-9]' || fail "no word of elsewhere"
        fleet_ask $n posture | grep -q "^box$((3 - n)) .*enforce" || fail "no word of the other: $(fleet_ask $n posture)"
    done
    within 10 fleet_streamed 2 || true
    expect "in the stream of events" "$(fleet_cli XRANGE ajar:events - + | grep -c '"change":"flooded"')" -eq 2
    within 10 fleet_summed 5 || fail "no sums"
    for n in 1 2; do fleet_stop $n; done
    kill "$REDIS_PID"
}

fleet_gates() { [ "$(fleet_flooded "$1")" -ge 1 ]; } # number
fleet_streamed() { [ "$(fleet_cli XRANGE ajar:events - + | grep -c '"change":"flooded"')" -ge "$1" ]; } # count
fleet_summed() { [ "$(fleet_cli XRANGE ajar:sums - + | grep -c "$FLEET_ADDRESS:9100")" -ge "$1" ]; }   # count

# The control run: the same flood, and nobody shares.
case_share_control_alone() {
    fleet_net
    local n
    for n in 1 2; do
        fleet_configure $n </dev/null
        fleet_start $n
    done
    for n in 1 2; do within 30 fleet_crosses $n || fail "nothing crosses box $n"; done
    fleet_flood
    within 20 fleet_half_open $((FLEET_MARK + 10)) || fail "the flood does not come"
    sleep 2 # in which they would notice
    for n in 1 2; do
        expect "half open at box $n" "$(fleet_told $n stats 'a["tracker"]["half_open"]')" -gt $((FLEET_MARK / 3))
        expect "gates of box $n" "$(fleet_flooded $n)" -eq 0
        fleet_is $n stats 'a["share"] is None' || fail "it shares"
        fleet_stop $n
    done
}

fleet_half_open() { # count, at both
    [ $(($(fleet_told 1 stats 'a["tracker"]["half_open"]') + $(fleet_told 2 stats 'a["tracker"]["half_open"]'))) -ge "$1" ]
}

fleet_echoes() { # address
    cli timeout 4 python3 "$HERE/helpers/ends.py" connect "$1" 9200 say hear
}
fleet_echoes_not() { ! fleet_echoes "$1"; }

# Blocked on one, in force on the other, but for what that one trusts, and no wide one; unblocked on the other, by nobody any more. With a password.
case_share_blocks() {
    needs_redis
    fleet_net
    fleet_redis --requirepass "correct horse"
    (umask 077 && echo "correct horse" >"$WORK/password")
    local n
    for n in 1 2; do
        { fleet_keys box$n && echo "password_file = \"$WORK/password\""; } | fleet_configure $n
        [ $n = 2 ] && sed -i 's/^service_low.*/&\ntrusted = ["192.0.2.0\/24"]/' "$WORK/2/ajar.toml"
        fleet_start $n
    done
    background srv python3 "$HERE/helpers/echo.py" 10.78.0.2 9200 64
    for n in 1 2; do
        within 30 fleet_crosses $n || fail "nothing crosses box $n"
        within 20 fleet_is $n stats 'a["share"]["up"] and a["share"]["boxes"] == 1' || fail "box $n is alone: $(cat "$WORK/$n/log")"
    done
    within 20 fleet_echoes 10.78.0.2 || fail "no server"
    fleet_ask 1 block 10.78.0.1 --for 1h || fail "not blocked"
    fleet_ask 1 block 192.0.2.7 || fail "not blocked"
    fleet_ask 1 block 10.0.0.0/8 --for 1h || fail "not blocked"
    within 15 fleet_is 2 posture '[(b["prefix"], b["box"], b["by"]) for b in a["blocks"]] == [("10.78.0.1/32", "box1", "hand")]' ||
        fail "box 2 has $(fleet_ask 2 posture -o json)"
    within 15 fleet_echoes_not 10.78.0.2 || fail "a source that box 1 has blocked gets by box 2"
    fleet_ask 2 posture | grep -q "^10.78.0.1/32 *hand of box1" || fail "$(fleet_ask 2 posture)"
    fleet_ask 2 unblock 10.78.0.1 || fail "not unblocked"
    for _ in $(seq 6); do
        fleet_is 2 posture '"10.78.0.1/32" not in [b["prefix"] for b in a["blocks"]]' || fail "it comes back"
        sleep 0.1
    done
    within 15 fleet_echoes 10.78.0.2 || fail "it is blocked still"
    within 15 fleet_is 1 posture '"10.78.0.1/32" not in [b["prefix"] for b in a["blocks"]]' || fail "box 1 holds on to it"
    grep -q "10.78.0.1/32 is unblocked, by order of an operator elsewhere" "$WORK/1/log" || fail "nothing said"
    # Another block each moment is not another policy each moment.
    local before after began=${EPOCHREALTIME/./} seconds
    before=$(fleet_told 2 stats 'a["generation"]')
    for n in $(seq 20); do
        fleet_cli -a "correct horse" --no-auth-warning XADD ajar:blocks '*' v 1 box busy run 0000000000000008 do add prefix "198.51.100.$n" by hand >"$WORK/xadd"
        sleep 0.1
    done
    within 15 fleet_is 2 posture 'len([b for b in a["blocks"] if b["box"] == "busy"]) == 20' || fail "not all are blocked"
    after=$(fleet_told 2 stats 'a["generation"]') seconds=$(((${EPOCHREALTIME/./} - began) / 1000000))
    expect "policies" $((after - before)) -gt 1
    expect "policies in $seconds s" $((after - before)) -le $((seconds + 2))
    # Somebody who means harm can write there.
    fleet_cli -a "correct horse" --no-auth-warning XADD ajar:blocks '*' v 1 box evil run 0000000000000007 do add prefix 0.0.0.0/0 by hand >"$WORK/xadd"
    fleet_cli -a "correct horse" --no-auth-warning XADD ajar:blocks '*' noise "$(printf '\x01\xff\r\n')" >"$WORK/xadd"
    within 15 fleet_is 2 stats 'a["share"]["refused"] == 2' || fail "$(fleet_told 2 stats 'a["share"]')"
    fleet_echoes 10.78.0.2 || fail "everybody is blocked"
    for n in 1 2; do fleet_stop $n; done
    kill "$REDIS_PID"
}

fleet_tells_sums() { [ "$(fleet_cli XLEN ajar:sums)" -gt 0 ]; }

# Killed under traffic: nobody notices but those who shared.
case_share_server_lost() {
    needs_redis
    fleet_net
    fleet_redis
    fleet_keys box1 | fleet_configure 1
    fleet_start 1
    within 30 fleet_crosses 1 || fail "nothing crosses"
    background srv python3 "$HERE/helpers/echo.py" 10.77.0.2 9200 64
    within 20 fleet_echoes 10.77.0.2 || fail "no server"
    background cli python3 "$HERE/helpers/talk.py" 10.77.0.2 9200 20 >"$WORK/talk"
    local talker=$! lost
    within 20 fleet_is 1 stats 'a["share"]["up"]' || fail "it does not share: $(cat "$WORK/1/log")"
    within 20 grep -q connected "$WORK/talk" || fail "nobody talks"
    lost=$(fleet_told 1 stats 'sum(w["dropped"] for w in a["workers"]) + sum(p["missed"] + p["no_buffer"] + p["tx_failed"] for p in a["ports"])')
    kill -9 "$REDIS_PID"
    within 15 fleet_is 1 stats 'not a["share"]["up"]' || fail "it does not notice"
    sleep 1
    expect "complaints" "$(grep -c "sharing is away" "$WORK/1/log")" -eq 1
    fleet_redis
    within 25 fleet_is 1 stats 'a["share"]["up"]' || fail "it does not come back: $(cat "$WORK/1/log")"
    within 15 fleet_tells_sums || fail "it tells nothing"
    expect "frames lost meanwhile" "$(fleet_told 1 stats 'sum(w["dropped"] for w in a["workers"]) + sum(p["missed"] + p["no_buffer"] + p["tx_failed"] for p in a["ports"])')" -eq "$lost"
    # What stands there is no stream, and the server is full.
    fleet_cli DEL ajar:sums >"$WORK/del"
    fleet_cli SET ajar:sums x >"$WORK/set"
    within 25 fleet_is 1 stats 'not a["share"]["up"]' || fail "a key of another type is read"
    kill -INT "$talker"
    wait "$talker" || fail "a connection was lost: $(cat "$WORK/talk")"
    fleet_stop 1
    kill "$REDIS_PID"
}

# One that takes the call and never answers, one that answers nonsense.
case_share_server_mad() {
    fleet_net
    background box nc -lkU "$WORK/redis.sock" >"$WORK/heard"
    within 20 test -S "$WORK/redis.sock" || fail "nobody listens"
    fleet_keys box1 | fleet_configure 1
    background box python3 -c 'import os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen()
while True:
    visitor = server.accept()[0]
    try:
        visitor.sendall(b"*2147483647\r\n" + os.urandom(1 << 20))
    except OSError:
        pass' "$WORK/mad.sock"
    fleet_keys box2 | sed s/redis.sock/mad.sock/ | fleet_configure 2
    local n
    for n in 1 2; do fleet_start $n; done
    for n in 1 2; do within 30 fleet_crosses $n || fail "nothing crosses box $n"; done
    within 25 fleet_is 1 stats 'a["share"]["breaks"] >= 1 and not a["share"]["up"]' || fail "$(fleet_told 1 stats 'a["share"]')"
    within 25 fleet_is 2 stats 'a["share"]["breaks"] >= 3 and not a["share"]["up"]' || fail "$(fleet_told 2 stats 'a["share"]')"
    grep -q "sharing is away, .*it does not answer" "$WORK/1/log" || fail "$(cat "$WORK/1/log")"
    grep -q "sharing is away, .*it is no Redis" "$WORK/2/log" || fail "$(cat "$WORK/2/log")"
    for n in 1 2; do
        fleet_crosses $n 5 || fail "nothing crosses box $n any more"
        fleet_stop $n
    done
}
