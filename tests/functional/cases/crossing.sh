# Ordinary traffic crosses: iperf3 and curl over both families, through the things a network does to frames.
# shellcheck shell=bash disable=SC2034  # WORKERS and DEVICE are read by configure()

serve_file() { # bytes
    mkdir -p "$WORK/www"
    head -c "$1" /dev/urandom >"$WORK/www/file"
    background srv python3 -m http.server 8080 --bind :: --directory "$WORK/www" >"$WORK/http.log" 2>&1
    within 20 srv curl -s -o "$WORK/first" "http://[::1]:8080/" || fail "the web server does not start"
}

fetch() { # address
    cli curl -s -m 20 -o "$WORK/got" "http://$1:8080/file" || fail "curl $1: status $?"
    cmp -s "$WORK/got" "$WORK/www/file" || fail "curl $1: not the file"
}

# The last FIN is still on its way when curl is done; one that the wire lost or held back is said again.
closed_at() { # cli|srv
    [ -z "$("$1" ss -Htn state connected exclude time-wait "( sport = :8080 or dport = :8080 )")" ]
}
all_closed() { closed_at cli && closed_at srv; }

fetch_both() {
    fetch "$SRV_V4"
    fetch "[$SRV_V6]"
    within 10 all_closed || fail "connections that do not close"
}

throughput() { # arguments...
    iperf3_server
    cli timeout 60 iperf3 -c "$@" -p 5301 -t 2 --json >"$WORK/iperf3.json" || fail "iperf3 $*: status $?"
    python3 "$HERE/helpers/mbits.py" "$WORK/iperf3.json"
}

# Mbit/s that any appliance must reach: 50, or on a machine that has better things to do a twentieth of what the
# kernel's bridge does in its place.
least_throughput() {
    bridge_instead
    local bridge
    bridge=$(throughput "$SRV_V4")
    box ip link del br0
    LEAST=$((bridge / 20 < 50 ? bridge / 20 : 50))
    echo "Mbit/s over a bridge: $bridge"
}

TAKES_curl_and_iperf3=16 BUSY_curl_and_iperf3=1
case_curl_and_iperf3() {
    topology_direct
    least_throughput
    configure </dev/null
    start_ajar
    serve_file 3000000
    fetch_both
    expect "Mbit/s up, IPv4" "$(throughput "$SRV_V4")" -gt "$LEAST"
    expect "Mbit/s down, IPv4" "$(throughput "$SRV_V4" -R)" -gt "$LEAST"
    expect "Mbit/s up, IPv6" "$(throughput "$SRV_V6")" -gt "$LEAST"
    stop_ajar
    expect "connections that closed" "$(flows conn_state=SF)" -ge 2
}

BUSY_two_workers=1
case_two_workers() {
    WORKERS=2
    topology_direct
    least_throughput
    configure </dev/null
    start_ajar
    serve_file 3000000
    fetch_both
    expect "Mbit/s, eight connections" "$(throughput "$SRV_V4" -P 8)" -gt "$LEAST"
    stop_ajar
    # af_xdp has one queue here: what the second worker judges, it was handed by the first.
    expect "frames judged by the other worker" "$(summary handed_over)" -gt 0
    expect "frames lost between the two" "$(dropped ring_full)" -eq 0
}

# The interfaces are the kernel's, and go on with what they had.
mtu_of() { # device
    box cat "/sys/class/net/$1/mtu"
}
case_mtu_is_given_back() {
    topology_direct
    box ip link set boxc mtu 1400
    configure </dev/null
    start_ajar
    expect "MTU during the run" "$(mtu_of boxc)" -eq 1500
    stop_ajar
    expect "MTU after it" "$(mtu_of boxc)" -eq 1400
    expect "MTU that was right before" "$(mtu_of boxs)" -eq 1500
}

case_af_packet() {
    DEVICE=af_packet
    topology_direct
    configure </dev/null
    start_ajar
    serve_file 3000000
    fetch_both
    stop_ajar
}

# Frames reach the box changed as the wire helper's arguments say, and are understood there.
cross_wired() { # wire.py's arguments...
    topology_wired "$@"
    configure <<<'policy.mode = "enforce"'
    start_ajar
    serve_file 1000000
    fetch_both
    stop_ajar
    expect "frames without their tag" "$(wire_count foreign)" -eq 0
    expect "whole connections" "$(flows id.resp_p=8080 conn_state=SF missed_bytes=0)" -eq 2
}

case_vlan() {
    cross_wired --tag 42
    expect "tagged frames back" "$(wire_count untagged)" -gt 500
    expect "connections in their VLAN" "$(flows id.resp_p=8080 vlan=42)" -eq 2
}

case_qinq() {
    cross_wired --tag 100.42
    expect "tagged frames back" "$(wire_count untagged)" -gt 500
    expect "connections in their VLAN" "$(flows id.resp_p=8080 vlan=100 inner_vlan=42)" -eq 2
}

case_fragments() {
    cross_wired --fragment 600
    expect "fragments" "$(wire_count fragments)" -gt 1000
}

case_loss_and_reordering() {
    cross_wired --loss 1 --reorder 3
    expect "lost frames" "$(wire_count lost)" -gt 5
    expect "reordered frames" "$(wire_count reordered)" -gt 15
}

case_fragments_out_of_order() {
    cross_wired --tag 7 --fragment 600 --reorder 10
    expect "reordered frames" "$(wire_count reordered)" -gt 50
}
