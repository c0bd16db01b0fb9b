# Connections that fall silent: freed on both ends, or, by a box that is silent itself, left to hang.
# shellcheck shell=bash

PORT=9000

sockets() { # cli|srv
    "$1" ss -Htan state established "( sport = :$PORT or dport = :$PORT )" | wc -l
}

# What an end answers to a reset that is not exact (RFC 5961).
challenge_acks() { # cli|srv
    "$1" nstat -asz TcpExtTCPChallengeACK | awk '/ChallengeACK/ { print $2 }'
}

# Both ends in the background, over ADDRESS, which is SERVER's; pids in LISTENER and CONNECTOR. What they say is
# in files whose names end with LOG.
ADDRESS=$SRV_V4 SERVER=srv LOG=
two_ends() { # listener's steps -- connector's steps
    local listens=()
    while [ "$1" != -- ]; do
        listens+=("$1")
        shift
    done
    shift
    background "$SERVER" python3 "$HERE/helpers/ends.py" listen "$ADDRESS" "$PORT" "${listens[@]}" \
        >"$WORK/listener$LOG" 2>&1
    LISTENER=$!
    within 20 listening || fail "nobody listens"
    background cli python3 "$HERE/helpers/ends.py" connect "$ADDRESS" "$PORT" "$@" >"$WORK/connector$LOG" 2>&1
    CONNECTOR=$!
}
listening() { [ -n "$("$SERVER" ss -Htln "sport = :$PORT")" ]; }

both_end_well() {
    wait "$LISTENER" || fail "$(cat "$WORK/listener")"
    wait "$CONNECTOR" || fail "$(cat "$WORK/connector")"
}

idle_box() {
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "2s"
actions.idle = "evict + reset"
TOML
    start_ajar
}

both_connected() { [ "$(sockets cli)" = 1 ] && [ "$(sockets "$SERVER")" = 1 ]; }

# Four connections side by side, of both families, with timestamps and without, each on a port of its own from
# 9000 on. Where they stand: PORTS, LISTENERS, CONNECTORS.
PORTS=() LISTENERS=() CONNECTORS=()
four_connections() { # listener's steps -- connector's steps; "PORT" in a step is the port
    local stamps
    for stamps in 1 0; do
        cli sysctl -qw net.ipv4.tcp_timestamps=$stamps
        for ADDRESS in "$SRV_V4" "$SRV_V6"; do
            LOG=.$PORT
            two_ends "${@//PORT/$PORT}"
            within 20 both_connected || fail "no connection on port $PORT"
            PORTS+=("$PORT") LISTENERS+=("$LISTENER") CONNECTORS+=("$CONNECTOR")
            PORT=$((PORT + 1))
        done
    done
}

# The sockets of all of them.
all_sockets() { # cli|srv
    "$1" ss -Htan state established | grep -cE ':90[0-9][0-9] ' || true
}
none_left() {
    expect "sockets at the client" "$(all_sockets cli)" -eq 0
    expect "sockets at the server" "$(all_sockets srv)" -eq 0
}

all_end_well() { # LISTENERS|CONNECTORS...
    local which i
    for which in "$@"; do
        local -n pids=$which
        for i in "${!pids[@]}"; do
            wait "${pids[i]}" || fail "$(tail -n 3 "$WORK"/{listener,connector}."${PORTS[i]}")"
        done
    done
}

reset_frees_both() {
    two_ends hear say reset=6 -- say hear reset=6
    within 20 both_connected || fail "no connection"
    both_end_well
    expect "sockets at the client" "$(sockets cli)" -eq 0
    expect "sockets at the server" "$(sockets srv)" -eq 0
    expect "challenge ACKs of the client" "$(challenge_acks cli)" -eq 0
    expect "challenge ACKs of the server" "$(challenge_acks srv)" -eq 0
}

case_idle_evicted_with_reset() {
    topology_direct
    idle_box
    reset_frees_both
    ADDRESS=$SRV_V6
    reset_frees_both
    stop_ajar
    expect "resets" "$(events event_type=reset_sent dest_port=$PORT)" -eq 4
}

# The ends would not see a reset without the tags: the wire helper drops it.
case_idle_reset_carries_its_tags() {
    topology_wired --tag 100.42
    idle_box
    reset_frees_both
    stop_ajar
    expect "resets" "$(events event_type=reset_sent dest_port=$PORT)" -eq 2
    expect "frames without their tags" "$(wire_count foreign)" -eq 0
}

# What Ajar is for: a box that forgets in silence and then drops leaves both ends believing.
case_silent_eviction_hangs_both() {
    topology_direct
    configure <<'TOML'
[policy]
mode = "enforce"
profile = "azure-lb"
midstream = "refuse"
invalid = "drop"
[timeouts]
established = "2s"
[actions]
idle = "evict"
TOML
    start_ajar
    two_ends hear say sleep=4 say "tell=$WORK/said.srv" silence=6 -- say hear sleep=4 say "tell=$WORK/said.cli" silence=6
    within 20 test -e "$WORK/said.srv" -a -e "$WORK/said.cli" || fail "not everybody has spoken"
    sleep 1
    expect "sockets at the client" "$(sockets cli)" -eq 1
    expect "sockets at the server" "$(sockets srv)" -eq 1
    both_end_well
    stop_ajar
    expect "evicted in silence" "$(events event_type=evicted ajar.reason=idle)" -ge 1
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# The same wait with nothing but the defaults of `enforce`, and without questions: the connection lives.
case_idle_is_only_flagged_unasked() {
    topology_direct
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "2s"
probe.enabled = false
TOML
    start_ajar
    two_ends hear say sleep=4 hear say -- say hear sleep=4 say hear
    both_end_well
    stop_ajar
    expect "flagged" "$(events event_type=flagged ajar.reason=idle)" -ge 1
}

case_half_closed_transfer_outlives_its_timer() {
    topology_direct
    configure <<'TOML'
policy.mode = "enforce"
timeouts.fin_wait = "1s"
timeouts.close_wait = "1s"
actions.half_closed = "evict + reset"
TOML
    start_ajar
    two_ends hear drip=12 -- say half finish
    both_end_well
    grep -qx "received 12000" "$WORK/connector" || fail "the transfer was cut: $(cat "$WORK/connector")"
    stop_ajar
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# What becomes of those who are connected when the appliance ends.
leaving_box() { # keep|reset
    topology_direct
    configure <<TOML
policy.mode = "enforce"
policy.on_exit = "$1"
TOML
    start_ajar
}

case_exit_resets_both() {
    local told=0
    leaving_box reset
    for ADDRESS in "$SRV_V4" "$SRV_V6"; do
        two_ends hear say reset=20 -- say hear reset=20
        within 20 both_connected || fail "no connection"
        sleep 0.5
        stop_ajar
        both_end_well
        expect "sockets at the client" "$(sockets cli)" -eq 0
        expect "sockets at the server" "$(sockets srv)" -eq 0
        expect "resets" "$(events event_type=reset_sent dest_port=$PORT)" -eq $((++told * 2))
        [ "$ADDRESS" = "$SRV_V6" ] || start_ajar
    done
}

case_exit_keeps_them_for_who_comes_next() {
    leaving_box keep
    two_ends hear say sleep=4 hear say -- say hear sleep=4 say hear
    within 20 both_connected || fail "no connection"
    stop_ajar
    bridge_instead
    both_end_well
}
