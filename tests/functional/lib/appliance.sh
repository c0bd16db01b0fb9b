# The appliance of a case: its configuration, its start and stop, what it reported.
# shellcheck shell=bash

# How the box reaches its two ports. af_xdp in copy mode needs no driver support and sees frames as they are;
# af_packet is handed reassembled fragments by the kernel.
port_device() { # end
    local number=0
    [ "$1" = s ] && number=1
    case ${DEVICE:-af_xdp} in
    af_xdp) echo "net_af_xdp$number,iface=box$1,force_copy=1" ;;
    af_packet) echo "net_af_packet$number,iface=box$1,qdisc_bypass=1,blocksz=65536,framesz=2048,framecnt=512" ;;
    tap) echo "net_tap$number,iface=box$1" ;;
    esac
}

# Reads the case's own keys from standard input; they come first, where dotted keys are the root's.
configure() {
    cat - >"$WORK/ajar.toml"
    cat >>"$WORK/ajar.toml" <<TOML
[[ports]]
a = "$(port_device c)"
b = "$(port_device s)"

[appliance]
workers = ${WORKERS:-1}
seed = "${SEED:-random}"
hugepages = "off"
report_interval = "1s"
drain_time = "${DRAIN_TIME:-30s}"

[tables]
confirmed = "16Ki"
embryonic = "${EMBRYONIC:-16Ki}"
tombstones = "16Ki"

[events]
file = "$WORK/events.json"
flow_start = true
flows = "$WORK/flows.json"
TOML
}

# Waits until a frame has crossed both ways. On one CPU its workers nap when there is nothing to do.
start_ajar() {
    STATE_DIRECTORY=$WORK/state RUNTIME_DIRECTORY=${RUN_FOLDER:-$WORK} background box taskset -c "$(one_cpu)" "$AJAR" run -c "$WORK/ajar.toml" \
        --summary "$WORK/summary.json" >>"$WORK/ajar.log" 2>&1
    AJAR_PID=$!
    [ "${DEVICE:-}" = tap ] && join_taps
    within 60 crosses || fail "nothing crosses the box"
}

# The lane's, out of those that this process may use.
one_cpu() {
    local cpus
    mapfile -t cpus < <(python3 -c 'import os; print(*sorted(os.sched_getaffinity(0)), sep="\n")')
    echo "${cpus[LANE % ${#cpus[@]}]}"
}

# A connection to a closed port is refused at once when frames cross, both ways.
crosses() {
    kill -0 "$AJAR_PID" 2>/dev/null || fail "ajar ended"
    cli python3 "$HERE/helpers/refused.py" "$SRV_V4" 9
}

# SIGTERM; exit status 0 says that every packet is accounted for.
stop_ajar() {
    kill -TERM "$AJAR_PID"
    wait "$AJAR_PID" || fail "ajar ended with status $?"
}

# The same, by the clock: nobody who is connected keeps it from ending. Its own patience with them is 5 s.
stop_ajar_soon() {
    local began=${EPOCHREALTIME/./}
    stop_ajar
    expect "milliseconds to stop" $(((${EPOCHREALTIME/./} - began) / 1000)) -lt 4500
}

# How many events have all these members, written "event.reason=stale_syn_recv".
events() { # condition...
    python3 "$HERE/helpers/count.py" "$WORK/events.json" "$@"
}
flows() { # condition...
    python3 "$HERE/helpers/count.py" "$WORK/flows.json" "$@"
}

# A number of the summary that stop_ajar left.
summary() { # name, or name.name
    python3 -c 'import functools, json, sys
print(functools.reduce(lambda o, name: o[name], sys.argv[2].split("."), json.load(open(sys.argv[1]))))' \
        "$WORK/summary.json" "$1"
}

dropped() { # reason
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["disposed_by_reason"].get(sys.argv[2], 0))' \
        "$WORK/summary.json" "$1"
}

expect() { # what value relation wanted
    test "$2" "$3" "$4" || fail "$1: $2, not $3 $4"
    echo "$1: $2"
}
