# A spoofed SYN flood fills the server's backlog; Ajar's exact resets empty it, and nobody else is harmed.
# shellcheck shell=bash disable=SC2034  # TAKES_..., BUSY_... and LONGEST_... are read by lib/cases.sh

# A server under pressure gives up by itself what it has answered three times, 7 s after the SYN, until its
# backlog is half empty.
BACKLOG=128 SYN_RECV=3

half_open() {
    srv ss -Htn state syn-recv "sport = :9100" | wc -l
}

# The server does nothing against a flood by itself, so that what helps is Ajar.
defenceless_server() {
    srv sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.tcp_max_syn_backlog=4096 net.core.somaxconn=4096
    srv sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0
    background srv python3 "$HERE/helpers/backlog.py" "$SRV_V4" 9100 "$BACKLOG"
    within 20 backlog_listens || fail "nobody listens"
}
backlog_listens() { [ -n "$(srv ss -Htln "sport = :9100")" ]; }

# 1.5 s of SYNs; prints the most that were half open at once.
flood() {
    cli hping3 -q -S -p 9100 --rand-source -i u500 -c 3000 "$SRV_V4" >"$WORK/hping3.log" 2>&1 &
    local sender=$! most=0 now
    while kill -0 $sender 2>/dev/null; do
        now=$(half_open)
        [ "$now" -gt "$most" ] && most=$now
        sleep 0.05
    done
    echo "$most"
}

# This kernel lets one in above the backlog.
flood_fills_backlog() {
    local most
    most=$(flood)
    expect "half open at once" "$most" -ge $BACKLOG
    expect "half open at once" "$most" -le $((BACKLOG + 1))
}

flooded_box() { # mode
    topology_direct
    configure <<TOML
[policy]
mode = "$1"
[timeouts]
syn_recv = "${SYN_RECV}s"
syn_sent = "2s"
[defence]
answer = "off"
TOML
    start_ajar
    defenceless_server
}

TAKES_flood_enforce=15 BUSY_flood_enforce=1
case_flood_enforce() {
    flooded_box enforce
    iperf3_server
    background cli iperf3 -c "$SRV_V4" -p 5301 -t 8 -b 50M --json >"$WORK/iperf3.json"
    local transfer=$!
    flood_fills_backlog
    # The last of them began a moment ago, and by itself the server would give it up 7 s after that.
    within $((SYN_RECV + 3)) backlog_is_empty || fail "still $(half_open) half open three seconds after the timer"
    wait "$transfer" || fail "the transfer through the flood was broken: iperf3 status $?"
    stop_ajar
    local evicted resets
    evicted=$(events event_type=evicted ajar.reason=stale_syn_recv)
    resets=$(events event_type=reset_sent ajar.state=SYN_RECV)
    expect "SYN_RECV evictions" "$evicted" -ge "$BACKLOG"
    expect "resets sent" "$resets" -eq "$evicted"
    expect "resets of the transfer" "$(events event_type=reset_sent dest_port=5301)" -eq 0
}

backlog_is_empty() { [ "$(half_open)" = 0 ]; }

BUSY_flood_control_observe=1
case_flood_control_observe() {
    flooded_box observe
    flood_fills_backlog
    sleep $((SYN_RECV + 1))
    expect "still half open without resets" "$(half_open)" -ge $((BACKLOG / 2))  # late enough, half are gone
    stop_ajar
}
