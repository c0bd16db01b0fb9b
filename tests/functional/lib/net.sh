# The namespaces and links of a case: a client, a server, and the box between them.
# shellcheck shell=bash

# shellcheck disable=SC2034  # of use to the cases
CLI_V4=10.77.0.1 SRV_V4=10.77.0.2 CLI_V6=fd77::1 SRV_V6=fd77::2

namespace() { echo "ajar$$-$LANE-$1"; } # cli|srv|box|wire, and the further servers rebuilt|gone

# Commands run where the client, the server, the box or the wire helper is.
cli() { ip netns exec "$(namespace cli)" "$@"; }
srv() { ip netns exec "$(namespace srv)" "$@"; }
box() { ip netns exec "$(namespace box)" "$@"; }
wire() { ip netns exec "$(namespace wire)" "$@"; }
gone() { ip netns exec "$(namespace gone)" "$@"; }
rebuilt() { ip netns exec "$(namespace rebuilt)" "$@"; }

delete_namespaces() {
    for end in cli srv box wire rebuilt gone; do
        ip netns del "$(namespace $end)" 2>/dev/null
    done
}

# A user-space box is handed what the kernel holds: without this, super-packets of 64 KiB whose checksum nobody
# has filled in, and tags that stand beside the frame.
plain_frames() { # where device disable_ipv6
    local there
    there=$(namespace "$1")
    ip netns exec "$there" ethtool -K "$2" tx off rx off sg off tso off gso off gro off rxvlan off txvlan off \
        >"$WORK/ethtool" 2>&1 || true
    ip netns exec "$there" sysctl -qw "net.ipv6.conf.$2.disable_ipv6=$3"
    ip -n "$there" link set "$2" up
}

add_namespaces() { # name...
    for end in "$@"; do
        ip netns add "$(namespace "$end")"
        ip -n "$(namespace "$end")" link set lo up
    done
}

link() { # where device where device
    ip -n "$(namespace "$1")" link add "$2" type veth peer name "$4" netns "$(namespace "$3")"
}

# Addresses, and a default route at the server: its answers to spoofed sources leave through the box.
address_end() { # where device IPv4 IPv6 mtu
    local there
    there=$(namespace "$1")
    plain_frames "$1" "$2" 0
    ip -n "$there" link set "$2" mtu "$5"
    ip -n "$there" addr add "$3/24" dev "$2"
    ip -n "$there" addr add "$4/64" dev "$2" nodad
}
address_ends() { # mtu
    address_end cli c0 $CLI_V4 $CLI_V6 "$1"
    address_end srv s0 $SRV_V4 $SRV_V6 "$1"
    srv ip route add default via $CLI_V4
}

# A device that passes on whatever comes, and says nothing itself.
promiscuous() { # where device...
    local where=$1 device
    shift
    for device in "$@"; do
        plain_frames "$where" "$device" 1
        ip -n "$(namespace "$where")" link set "$device" promisc on
    done
}

# One transfer's server; returns when it listens.
iperf3_server() {
    background srv iperf3 -s -1 -p 5301 >"$WORK/iperf3-server.log" 2>&1
    within 20 iperf3_listens || fail "no iperf3 server: $(cat "$WORK/iperf3-server.log")"
}
iperf3_listens() { [ -n "$(srv ss -Htln "sport = :5301")" ]; }

# c0 -- boxc {box} boxs -- s0
topology_direct() {
    add_namespaces cli srv box
    link box boxc cli c0
    link box boxs srv s0
    promiscuous box boxc boxs
    address_ends 1500
}

# A bridge of the kernel's where the appliance would stand: for control runs.
bridge_instead() {
    box ip link add br0 type bridge
    box ip link set boxc master br0
    box ip link set boxs master br0
    box ip link set br0 up
}

# c0 -- w0 {wire} w1 -- boxc {box} boxs -- w3 {wire} w2 -- s0: the wire helper does to frames what this kernel
# cannot.
topology_wired() { # wire.py's arguments...
    add_namespaces cli srv box wire
    link wire w0 cli c0
    link wire w1 box boxc
    link wire w2 srv s0
    link wire w3 box boxs
    promiscuous box boxc boxs
    promiscuous wire w0 w1 w2 w3
    address_ends 1400
    background wire python3 "$HERE/helpers/wire.py" "$@" w0:w1 w2:w3 >"$WORK/wire.json"
    WIRE_PID=$!
}

# Stops the wire helper and prints one of its counts.
wire_count() { # name
    if kill -INT "$WIRE_PID" 2>/dev/null; then
        within 20 test -s "$WORK/wire.json"
    fi
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$WORK/wire.json" "$1"
}

# c0 -- cx {bridge, tap} {box} {tap, bridge} sx -- s0: the taps are the appliance's own, join_taps comes after
# its start.
topology_tap() {
    add_namespaces cli srv box
    link box cx cli c0
    link box sx srv s0
    address_ends 1500
}

join_taps() {
    local end
    for end in c s; do
        within 10 box ip link show "box$end" >"$WORK/link" 2>&1 || fail "no tap device box$end"
        box ip link add "br$end" type bridge
        promiscuous box "br$end" "box$end" "${end}x"
        box ip link set "box$end" master "br$end"
        box ip link set "${end}x" master "br$end"
    done
}

# c0 -- boxc {box} boxs -- w0 {wire, a bridge} -- s0, or the same with the client behind the bridge: so that the
# host's end of the cable can go, and another host be plugged in.
topology_bridged() { # cli|srv: who is behind the bridge
    add_namespaces cli srv box wire
    if [ "$1" = srv ]; then
        link box boxc cli c0
        link box boxs wire w0
        address_end cli c0 $CLI_V4 $CLI_V6 1500
    else
        link box boxs srv s0
        link box boxc wire w0
        address_end srv s0 $SRV_V4 $SRV_V6 1500
        srv ip route add default via $CLI_V4
    fi
    promiscuous box boxc boxs
    wire ip link add wbr type bridge
    promiscuous wire w0 wbr
    wire ip link set w0 master wbr
    if [ "$1" = srv ]; then plug srv s0 $SRV_V4 $SRV_V6; else plug cli c0 $CLI_V4 $CLI_V6; fi
}
plug() { # where device IPv4 IPv6
    link wire "w-$1" "$1" "$2"
    promiscuous wire "w-$1"
    wire ip link set "w-$1" master wbr
    ip -n "$(namespace "$1")" link set "$2" address "02:00:00:00:77:0${3##*.}"
    address_end "$1" "$2" "$3" "$4" 1500
    [ "$1" = cli ] || ip -n "$(namespace "$1")" route add default via $CLI_V4
}
