# Connections that come to nothing by themselves: Ajar neither hides the answer nor invents one.
# shellcheck shell=bash

attempt() { # address: prints curl's exit status; 7 refused or unreachable, 28 timed out
    cli curl -s -m 3 -o "$WORK/got" "http://$1:81/" && echo 0 || echo $?
}

refusing_box() {
    topology_direct
    configure <<'TOML'
policy.mode = "enforce"
timeouts.syn_sent = "1s"
TOML
    start_ajar
}

case_closed_port() {
    refusing_box
    expect "curl's status, IPv4" "$(attempt "$SRV_V4")" -eq 7
    expect "curl's status, IPv6" "$(attempt "[$SRV_V6]")" -eq 7
    stop_ajar
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

# The server's host is a router that knows no way to 10.88.0.5: its ICMP error crosses the box.
case_unreachable_host() {
    refusing_box
    srv sysctl -qw net.ipv4.ip_forward=1
    srv ip route add unreachable 10.88.0.5
    cli ip route add 10.88.0.0/24 via "$SRV_V4"
    local began=$EPOCHSECONDS
    expect "curl's status" "$(attempt 10.88.0.5)" -eq 7
    expect "seconds until the error" $((EPOCHSECONDS - began)) -le 2
    stop_ajar
}

# A filter that says nothing: SYNs without an answer end as such, and nobody is reset.
case_filtered_port() {
    refusing_box
    srv nft add table inet filter
    srv nft 'add chain inet filter input { type filter hook input priority 0; }'
    srv nft add rule inet filter input tcp dport 81 drop
    expect "curl's status" "$(attempt "$SRV_V4")" -eq 28
    stop_ajar
    expect "unanswered SYNs" "$(events event_type=evicted ajar.reason=stale_syn_sent)" -ge 1
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}
