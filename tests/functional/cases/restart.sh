# The appliance, or a port of it, goes away in mid-traffic and comes back: connections live on.
# shellcheck shell=bash disable=SC2034  # WORKERS and DEVICE are read by configure()

long_transfer() { # seconds
    iperf3_server
    background cli iperf3 -c "$SRV_V4" -p 5301 -t "$1" -b 20M --json >"$WORK/iperf3.json"
    TRANSFER=$!
}

case_kill_and_restart() {
    topology_direct
    configure <<<'policy.mode = "enforce"'
    start_ajar
    long_transfer 8
    sleep 2
    kill -KILL "$AJAR_PID"
    wait "$AJAR_PID" || true
    start_ajar
    wait "$TRANSFER" || fail "the transfer did not survive: iperf3 status $?"
    stop_ajar
    expect "connections seen after the restart" "$(flows id.resp_p=5301)" -ge 2
    expect "connections never vouched for" "$(flows id.resp_p=5301 ajar.end=stale_mid_stream)" -eq 0
}

case_port_down_and_up() {
    DEVICE=tap
    topology_tap
    configure <<<'policy.mode = "enforce"'
    start_ajar
    long_transfer 8
    sleep 2
    box ip link set boxs down
    sleep 1
    box ip link set boxs up
    wait "$TRANSFER" || fail "the transfer did not survive: iperf3 status $?"
    stop_ajar
}
