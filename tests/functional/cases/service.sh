# What a service manager is told, and what comes of a worker that is stuck.
# shellcheck shell=bash

managed_box() { # line of [appliance]...
    topology_direct
    configure </dev/null
    local line
    for line in "$@"; do sed -i "/^\[appliance\]/a $line" "$WORK/ajar.toml"; done
    ulimit -c 0 # one of them ends by a signal
    background box python3 "$HERE/helpers/manager.py" "$WORK/notify" >"$WORK/manager"
    within 20 grep -q listening "$WORK/manager" || fail "no manager"
    NOTIFY_SOCKET=$WORK/notify WATCHDOG_USEC=1500000 start_ajar
}
manager_heard() { # pattern
    grep -qE "$1" "$WORK/manager"
}
manager_hears() { # pattern
    within 20 manager_heard "$1" || fail "the manager was not told: $1"
}
logged() { # pattern
    grep -qE "$1" "$WORK/ajar.log"
}

signs_of_life() { [ "$(grep -c WATCHDOG=1 "$WORK/manager")" -ge "$1" ]; } # count
between_signs() { # median, by when each came
    awk '/WATCHDOG=1/ { if (before) print int(1000 * ($1 - before)); before = $1 }' "$WORK/manager" | sort -n |
        awk '{ gap[NR] = $1 } END { print gap[int((NR + 1) / 2)] }'
}
manager_is_told_twice() { [ "$(grep -c "$1" "$WORK/manager")" -ge 2 ]; } # pattern

case_service_manager() {
    managed_box
    manager_hears "READY=1"
    manager_hears "WATCHDOG=1"
    kill -HUP "$AJAR_PID"
    manager_hears "RELOADING=1 MONOTONIC_USEC=[0-9]+"
    within 20 signs_of_life 6 || fail "it says too seldom that it lives: $(cat "$WORK/manager")"
    # In its patience, 1.5 s, it hears thrice that all is well, give or take what the machine has taken.
    expect "milliseconds between two of them, in the middle" "$(between_signs)" -lt 750
    within 20 manager_is_told_twice "READY=1" || true
    expect "ready, and again" "$(grep -c READY=1 "$WORK/manager")" -eq 2
    stop_ajar
    manager_hears "STOPPING=1 EXTEND_TIMEOUT_USEC=[0-9]+"
}

case_service_worker_is_stuck() {
    managed_box 'stall_time = "1s"'
    small_server "$SRV_V4" 9200 echo 64
    within 20 echoes 9200 || fail "no server"
    python3 "$HERE/helpers/hold_thread.py" "$AJAR_PID" "$(worker_thread)" 5 >"$WORK/held" 2>&1 || fail "$(cat "$WORK/held")"
    within 20 logged "worker 0 \(lcore [0-9]+\) goes on, after ([2-9]|[1-9][0-9]+)\.[0-9] s" || fail "it was not told that it goes on"
    logged "worker 0 \(lcore [0-9]+\) has made no round for ([1-9]|[1-9][0-9]+)\.[0-9] s" || fail "it was not told that it was stuck"
    within 20 echoes 9200 || fail "it does not work any more"
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

# The user and group of a thread, and its capabilities, of each thread of the appliance.
threads_are() { # what wanted
    local status name
    for status in "/proc/$AJAR_PID/task"/*/status; do
        name=$(sed -n 's/^Name:\t//p' "$status")
        [ "$(sed -n "s/^$1:\t//p" "$status")" = "$2" ] || { echo "$name: $1 is $(grep "^$1:" "$status")"; return 1; }
    done
}
# A start as root that ends as nobody: on two interfaces, with records and captures in folders of that user's.
confined_box() { # line of [appliance]...
    topology_direct
    configure </dev/null
    local line
    for line in 'user = "nobody"' "$@"; do sed -i "/^\[appliance\]/a $line" "$WORK/ajar.toml"; done
    sed -i -e "s,$WORK/\(events\|flows\),$WORK/records/\1," -e '/^\[events\]/a rotate_size = "4KiB"' "$WORK/ajar.toml"
    printf '[capture]\nfolder = "%s"\n' "$WORK/records" >>"$WORK/ajar.toml"
    chmod 755 "$WORK"
    install -d -o nobody "$WORK/records"
    : >"$WORK/summary.json"
    chown nobody "$WORK/summary.json"
    export RUN_FOLDER=$WORK/run
}
control_verb() { RUNTIME_DIRECTORY=$RUN_FOLDER "$AJAR" "$@"; }

case_service_gives_up_root() {
    confined_box
    start_ajar
    logged "runs as nobody \(uid [0-9]+\) from here on; main keeps cap_net_admin, cap_bpf, other threads nothing" ||
        fail "it did not say who it is"
    local uid
    uid=$(id -u nobody)
    threads_are Uid "$uid	$uid	$uid	$uid" || fail "a thread is somebody else"
    threads_are NoNewPrivs 1 || fail "a thread can gain privileges"
    threads_are Seccomp 2 || fail "a thread may make any system call"
    expect "threads with capabilities" "$(grep -L '^CapPrm:	0000000000000000' "/proc/$AJAR_PID/task"/*/status | wc -l)" -eq 1
    expect "main's" "$(sed -n 's/^CapEff:\t//p' "/proc/$AJAR_PID/task/$AJAR_PID/status")" = 0000008000001000
    # What has to go on working: traffic, the socket for root, a reload, rotation, new files.
    small_server "$SRV_V4" 9200 echo 64
    within 20 echoes 9200 || fail "no server"
    control_verb stats >"$WORK/stats" || fail "the control socket does not answer"
    scrape | grep -q '^ajar_worker_packets_total{worker="0"}' || fail "the HTTP server does not answer"
    control_verb reload >"$WORK/reload" 2>&1 || fail "$(cat "$WORK/reload")"
    for _ in $(seq 20); do echoes 9200 || true; done
    within 20 test -s "$WORK/records/events.json.1" || fail "nothing was rotated"
    mv "$WORK/records/events.json" "$WORK/records/moved.json"
    kill -HUP "$AJAR_PID"
    within 20 test -e "$WORK/records/events.json" || fail "SIGHUP opened no new file"
    expect "owner of new files" "$(stat -c %U "$WORK/records/events.json")" = nobody
    stop_ajar
    [ ! -e "$RUN_FOLDER/ajar.sock" ] || fail "the socket is still there"
    expect "what DPDK left" "$(find "$RUN_FOLDER/dpdk" -mindepth 1 | wc -l)" -eq 0
    expect "XDP programs left" "$(box ip link show | grep -c 'prog/xdp')" -eq 0
}

case_service_user_refused() {
    topology_direct
    configure </dev/null
    sed -i '/^\[appliance\]/a user = "nobody"' "$WORK/ajar.toml"
    chmod 600 "$WORK/ajar.toml"
    : >"$WORK/events.json"
    python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$WORK/redis.sock"
    printf '[share]\nserver = "unix:%s/redis.sock"\n' "$WORK" >>"$WORK/ajar.toml"
    local code=0
    box "$AJAR" run -c "$WORK/ajar.toml" >"$WORK/refused" 2>&1 || code=$?
    expect "exit code" "$code" -eq 2
    grep -q "user nobody cannot read it again for a reload: chgrp nobody .* && chmod 640" "$WORK/refused" ||
        fail "nothing is said of the configuration: $(cat "$WORK/refused")"
    grep -q "events.file: cannot write $WORK/events.json: Permission denied" "$WORK/refused" ||
        fail "nothing is said of the events: $(cat "$WORK/refused")"
    grep -q "share.server: $WORK/redis.sock cannot be connected to as nobody: Permission denied" "$WORK/refused" ||
        fail "nothing is said of Redis: $(cat "$WORK/refused")"
    sed -i 's/"nobody"/"no-such-user"/' "$WORK/ajar.toml"
    box "$AJAR" run -c "$WORK/ajar.toml" >"$WORK/refused" 2>&1 && fail "it became nobody"
    grep -q "there is no user no-such-user: adduser" "$WORK/refused" || fail "$(cat "$WORK/refused")"
}

# One connection that lives through it all: a line each way now and then.
bridged() { box ip -o link show type bridge | grep -q ajarby; }
not_bridged() { ! bridged; }
rounds_seen() { wc -l <"$WORK/rounds"; }
rounds_grow() {
    local before
    before=$(rounds_seen)
    within 20 test_rounds_above $((before + 3))
}
test_rounds_above() { [ "$(rounds_seen)" -gt "$1" ]; }
lasting_connection() {
    background srv python3 "$HERE/helpers/rounds.py" serve "$SRV_V4" 9300
    background cli python3 "$HERE/helpers/rounds.py" talk "$SRV_V4" 9300 >"$WORK/rounds"
    within 20 test_rounds_above 3 || fail "no connection"
}
# As the unit does it, whenever the process has ended.
stopped_post() { STATE_DIRECTORY=$WORK/state RUNTIME_DIRECTORY=$WORK box "$AJAR" bypass -c "$WORK/ajar.toml" auto; }

dies_and_comes_back() { # open|closed
    topology_direct
    configure </dev/null
    sed -i "/^\[appliance\]/a when_down = \"$1\"" "$WORK/ajar.toml"
    start_ajar
    lasting_connection
    kill -KILL "$AJAR_PID"
    wait "$AJAR_PID" || true
    stopped_post
    if [ "$1" = open ]; then
        bridged || fail "no bridge"
        rounds_grow || fail "the connection does not go on through the kernel"
    else
        bridged && fail "a bridge, though it is to be closed"
        local before
        before=$(rounds_seen)
        sleep 2
        expect "rounds while nothing runs" "$(rounds_seen)" -le $((before + 1))
    fi
    start_ajar # the kernel's bridge, too, lets something cross
    within 15 not_bridged || fail "frames pass twice: the bridge is still there"
    [ "$1" = closed ] || within 20 logged "boxc and boxs are no longer bridged by the kernel" || fail "it did not say so"
    within 15 rounds_grow || fail "the connection does not go on through the new process"
    expect "ends of the connection that the kernel closed" "$(cli ss -Htn state established dport = 9300 | wc -l)" -eq 1
    stop_ajar
}
case_service_dies_open() { dies_and_comes_back open; }
case_service_dies_open_af_packet() { DEVICE=af_packet dies_and_comes_back open; }
case_service_dies_closed() { dies_and_comes_back closed; }

# A configuration that cannot be read any more, and one whose ports have been others.
case_service_dies_open_misspelt() {
    topology_direct
    configure </dev/null
    sed -i "/^\[appliance\]/a when_down = \"open\"" "$WORK/ajar.toml"
    start_ajar
    stopped_post >"$WORK/refused" 2>&1 && fail "it bridges beside an appliance"
    grep -q "an appliance answers at $WORK/ajar.sock" "$WORK/refused" || fail "$(cat "$WORK/refused")"
    bridged && fail "a bridge beside an appliance"
    lasting_connection
    kill -KILL "$AJAR_PID"
    wait "$AJAR_PID" || true
    cp "$WORK/ajar.toml" "$WORK/good.toml"
    echo 'when_down = open = "' >>"$WORK/ajar.toml"
    STATE_DIRECTORY=$WORK/none box "$AJAR" bypass -c "$WORK/ajar.toml" auto && fail "it knows what nobody told it"
    stopped_post || fail "it needs the configuration"
    bridged || fail "no bridge"
    rounds_grow || fail "the connection does not go on through the kernel"
    expect "who may read what is remembered" "$(stat -c '%U %a' "$WORK/state")" = "root 700"
    # The other way around, as if the ports had been swapped since.
    sed 's/iface=boxc/iface=boxX/; s/iface=boxs/iface=boxc/; s/iface=boxX/iface=boxs/' "$WORK/good.toml" >"$WORK/ajar.toml"
    start_ajar
    within 15 not_bridged || fail "frames pass twice: the bridge is still there"
    stop_ajar
    # A bridge of somebody else's.
    box ip link add br0 type bridge
    box ip link set boxs master br0
    STATE_DIRECTORY=$WORK/state RUNTIME_DIRECTORY=$WORK box "$AJAR" run -c "$WORK/ajar.toml" >"$WORK/refused" 2>&1 && fail "it starts beside a bridge"
    grep -q "boxs is a part of br0" "$WORK/refused" || fail "$(tail -n 3 "$WORK/refused")"
}

# The folder is the user's of before, who has laid links in it.
case_service_folder_was_the_users() {
    confined_box
    install -d -o nobody "$RUN_FOLDER" "$RUN_FOLDER/dpdk" "$WORK/victim"
    chown root "$WORK/victim"
    : >"$WORK/victim/file"
    rmdir "$RUN_FOLDER/dpdk"
    ln -s "$WORK/victim" "$RUN_FOLDER/dpdk"
    start_ajar
    expect "owner of what the link led to" "$(stat -c %U "$WORK/victim") $(stat -c %U "$WORK/victim/file")" = "root root"
    expect "dpdk" "$(stat -c '%F %U %a' "$RUN_FOLDER/dpdk")" = "directory nobody 700"
    stop_ajar
}

case_service_doctor() {
    topology_direct
    configure </dev/null
    box ip link set boxs down
    local code=0
    box "$AJAR" doctor -c "$WORK/ajar.toml" >"$WORK/told" || code=$?
    expect "exit code with trouble" "$code" -eq 1
    grep -q "interface boxs is down" "$WORK/told" || fail "$(cat "$WORK/told")"
    # The line that mends it does.
    box bash -c "$(sed -n 's/^ *mend it by *\(ip link set boxs up\)$/\1/p' "$WORK/told")"
    box "$AJAR" doctor -c "$WORK/ajar.toml" >"$WORK/told" || fail "$(grep -A1 ^trouble "$WORK/told")"
    box ip link add br0 type bridge
    box ip link set boxc master br0
    box "$AJAR" doctor -c "$WORK/ajar.toml" --json >"$WORK/told" && fail "a bridge is no trouble"
    python3 -c 'import json, sys
found = [f for f in json.load(open(sys.argv[1]))["findings"] if f["grade"] == "trouble"]
assert [f["fix"] for f in found] == ["ip link set boxc nomaster"], found' "$WORK/told"
}
