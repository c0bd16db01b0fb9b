# What a service manager is told, and what comes of a worker that is stuck.
# shellcheck shell=bash

managed_box() { # line of [appliance]...
    topology_direct
    configure </dev/null
    local line
    for line in "$@"; do sed -i "/^\[appliance\]/a $line" "$WORK/ajar.toml"; done
    ulimit -c 0 # one of them ends by a signal
    background box python3 "$HERE/helpers/manager.py" "$WORK/notify" >"$WORK/manager"
    within 5 grep -q listening "$WORK/manager" || fail "no manager"
    NOTIFY_SOCKET=$WORK/notify WATCHDOG_USEC=1500000 start_ajar
}
manager_heard() { # pattern
    grep -qE "$1" "$WORK/manager"
}
manager_hears() { # pattern
    within 5 manager_heard "$1" || fail "the manager was not told: $1"
}
logged() { # pattern
    grep -qE "$1" "$WORK/ajar.log"
}

case_service_manager() {
    managed_box
    manager_hears "READY=1"
    manager_hears "WATCHDOG=1"
    kill -HUP "$AJAR_PID"
    manager_hears "RELOADING=1 MONOTONIC_USEC=[0-9]+"
    sleep 3
    # In its patience it hears thrice that all is well.
    expect "signs of life" "$(grep -c WATCHDOG=1 "$WORK/manager")" -ge 6
    expect "ready, and again" "$(grep -c READY=1 "$WORK/manager")" -eq 2
    stop_ajar
    manager_hears "STOPPING=1 EXTEND_TIMEOUT_USEC=[0-9]+"
}

case_service_worker_is_stuck() {
    managed_box 'stall_time = "1s"'
    small_server "$SRV_V4" 9200 echo 64
    within 5 echoes 9200 || fail "no server"
    python3 "$HERE/helpers/hold_thread.py" "$AJAR_PID" "$(worker_thread)" 3 >"$WORK/held" 2>&1 || fail "$(cat "$WORK/held")"
    within 5 logged "worker 0 \(lcore [0-9]+\) goes on, after [23]\.[0-9] s" || fail "it was not told that it goes on"
    logged "worker 0 \(lcore [0-9]+\) has made no round for 1\.[0-9] s" || fail "it was not told that it was stuck"
    within 5 echoes 9200 || fail "it does not work any more"
    stop_ajar
}

case_service_worker_is_stuck_for_good() {
    managed_box 'stall_time = "1s"' 'on_stall = "abort"'
    background box python3 "$HERE/helpers/hold_thread.py" "$AJAR_PID" "$(worker_thread)" 10 >"$WORK/held" 2>&1
    local code=0
    wait "$AJAR_PID" || code=$?
    expect "exit code, SIGABRT" "$code" -eq 134
    logged "worker 0 \(lcore [0-9]+\) has made no round for" || fail "it was not told which was stuck"
}

worker_thread() {
    cat "/proc/$AJAR_PID/task"/*/comm | grep -m 1 -E '^(lcore|rte)-worker'
}
