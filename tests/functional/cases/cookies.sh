# SYN cookies: a flooded server's clients are served, whatever options they use.
# shellcheck shell=bash

# A server that a flood of a few SYNs a second would close to everybody else.
small_server() { # address port
    srv sysctl -qw net.ipv4.tcp_syncookies=0 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0
    background srv python3 "$HERE/helpers/greeter.py" "$1" "$2" 16
}

flooded() { # rate in microseconds, port
    background cli hping3 -q -S -p "$2" --rand-source -i "u$1" "$SRV_V4" >"$WORK/hping3.log" 2>&1
    FLOOD=$!
}

cookie_box() { # cookies
    topology_direct
    configure <<TOML
[policy]
mode = "enforce"
[defence]
cookies = "$1"
service_high = 32
service_low = 8
dwell = "2s"
TOML
    start_ajar
}

visitors() { # address port count
    cli python3 "$HERE/helpers/visitors.py" "$@"
}

case_cookies_control_off() {
    cookie_box off
    small_server "$SRV_V4" 9200
    within 5 visited "$SRV_V4" 9200 || fail "no server"
    flooded 1000 9200
    sleep 1
    expect "visitors served without cookies" "$(visitors "$SRV_V4" 9200 40 2)" -lt 20
}

visited() { [ "$(visitors "$1" "$2" 1 1)" = 1 ]; }

case_cookies_flood() {
    cookie_box auto
    small_server "$SRV_V4" 9200
    within 5 visited "$SRV_V4" 9200 || fail "no server"
    flooded 1000 9200
    sleep 1
    expect "visitors served" "$(visitors "$SRV_V4" 9200 200)" -eq 200
    stop_ajar
    expect "cookies" "$(dropped cookie_sent)" -gt 500
}

case_cookies_always() {
    cookie_box always
    small_server "$SRV_V4" 9200
    small_server "$SRV_V6" 9200
    within 5 visited "$SRV_V4" 9200 || fail "no server"
    within 5 visited "$SRV_V6" 9200 || fail "no server"
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
