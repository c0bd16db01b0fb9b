# The control socket of a running appliance: each verb under traffic, and hostile requests beside it.
# shellcheck shell=bash disable=SC2034  # EMBRYONIC is read by configure()

ask() { # verb...
    RUNTIME_DIRECTORY=$WORK "$AJAR" "$@"
}
# One number out of an answer, by jq's path less its dot.
told() { # path verb...
    local path=$1
    shift
    ask "$@" -o json | python3 -c 'import json, sys
value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[int(name) if name.isdigit() else name]
print(value)' "$path"
}
lines_of() { # verb...
    ask "$@" | wc -l
}

control_box() { # mode
    topology_direct
    configure <<TOML
[policy]
mode = "$1"
${2:-}
TOML
    start_ajar
    small_server "$SRV_V4" 9200 echo 64
    within 20 echoes 9200 || fail "no server"
}

# So many connections that talk on until they are asked; $TALKER.
talkers() { # count
    background cli python3 "$HERE/helpers/talk.py" "$SRV_V4" 9200 "$1" >"$WORK/talk"
    TALKER=$!
    within 20 grep -q connected "$WORK/talk" || fail "nobody talks"
}

an_end_of() { # index
    ask list --dport 9200 --state established -o csv | python3 -c 'import csv, sys
rows = list(csv.DictReader(sys.stdin))
r = rows[int(sys.argv[1])]
print("{src_ip}:{src_port}-{dest_ip}:{dest_port}".format(**r))' "$1"
}

case_control_list_get_stats() {
    control_box observe
    talkers 10
    expect "flows" "$(ask list --dport 9200 --state established --count)" -eq 10
    expect "by source" "$(ask list --src "$CLI_V4" --dport 9200 --state established --count)" -eq 10
    expect "by the wrong source" "$(ask list --src "$SRV_V4" --dport 9200 --count)" -eq 0
    expect "pages" "$(lines_of list --dport 9200 --state established -o json --limit 3)" -eq 3
    expect "in a table, with its head" "$(lines_of list --dport 9200 --state established)" -eq 11
    ask list --dport 9200 --state established -o conntrack |
        grep -qE "^tcp +6 [0-9]+ ESTABLISHED src=$CLI_V4 dst=$SRV_V4 sport=[0-9]+ dport=9200 .*\[ASSURED\]" ||
        fail "no line of conntrack's"
    # Pages by cursor have every flow once.
    local cursor="" seen=0 page
    while :; do
        # shellcheck disable=SC2086  # an option or none
        page=$(ask list --dport 9200 --state established -o json --limit 3 $cursor 2>"$WORK/more")
        [ -z "$page" ] || seen=$((seen + $(wc -l <<<"$page")))
        cursor=$(sed -n 's/^more: //p' "$WORK/more")
        [ -n "$cursor" ] || break
    done
    expect "flows in pages" "$seen" -eq 10
    local flow
    flow=$(an_end_of 0)
    ask get "$flow" | grep -q ESTABLISHED || fail "get finds nothing of $flow"
    expect "get" "$(ask get "$flow" -o json | wc -l)" -eq 1
    ask list --sort age --limit 1 | grep -q : || fail "no oldest flow"
    [ "$(told workers.0.packets stats)" -gt 40 ] || fail "no packets counted"
    [ "$(told queues.0.packets stats)" -gt 10 ] || fail "no packets of a queue"
    [ "$(told workers.0.busy_cycles stats)" -gt 1000 ] || fail "no cycles"
    ask stats --ages --talkers | grep -q "net_af_xdp0 *up" || fail "no ports"
    ask get 1.2.3.4:5-6.7.8.9:10 && fail "there is no such flow"
    ask list --state nonsense && fail "there is no such state"
    [ "$(ask top --once | grep -c .)" -gt 5 ] || fail "an empty screen"
    # Who reads no further ends a watch, and that is no fault.
    (ask list --watch 100ms && echo well >"$WORK/watched") | head -n 5 >"$WORK/first" || true
    within 20 grep -q well "$WORK/watched" || fail "a watch that nobody reads goes on"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

case_control_evict_flush_explain() {
    control_box enforce
    talkers 6
    ask events --type evicted,reset_sent >"$WORK/followed" &
    echo $! >>"$WORK/pids"
    within 20 followed || fail "nobody follows the events"
    local flow
    flow=$(an_end_of 0)
    ask evict "$flow" --reset yes | grep -q "1 connection evicted" || fail "not evicted"
    within 20 talks 5 || fail "its ends did not hear of it"
    ask explain "$flow" | grep -qi "administrat" || fail "explain knows nothing of it"
    within 10 resets_followed 2 || true
    expect "resets" "$(grep -c reset_sent "$WORK/followed")" -eq 2
    expect "flushed" "$(told evicted flush --dport 9200 --reset yes)" -ge 5
    within 20 talks 0 || fail "somebody still talks"
    expect "left" "$(ask list --dport 9200 --state established --count)" -eq 0
    ask flush && fail "a flush of everything by mistake"
    ask evict "$flow" && fail "it was gone"
    ask events --recent 100 --no-follow -o json | grep -q '"cause":"administrative"' || fail "nothing remembered"
    stop_ajar
}
followed() { [ "$(told control.clients stats)" -ge 2 ]; } # by somebody besides who asks
resets_followed() { [ "$(grep -c reset_sent "$WORK/followed")" -ge "$1" ]; } # count
# So many are connected, by both ends' account.
talks() { # count
    [ "$(cli ss -Htn state established "dport = :9200" | wc -l)" = "$1" ] &&
        [ "$(srv ss -Htn state established "sport = :9200" | wc -l)" = "$1" ]
}

case_control_block() {
    control_box enforce
    talkers 2
    ask block "$CLI_V4" | grep -q "is blocked" || fail "not blocked"
    echoes 9200 && fail "a blocked source gets in"
    ask posture | grep -q "$CLI_V4.*hand" || fail "posture does not tell of it"
    [ "$(cli ss -Htn state established "dport = :9200" | wc -l)" = 2 ] || fail "what was connected is not any more"
    ask unblock "$CLI_V4" || fail "not unblocked"
    within 20 echoes 9200 || fail "blocked still"
    ask block "$CLI_V4/32" --for 8s
    echoes 9200 && fail "a blocked source gets in"
    within 20 echoes 9200 || fail "the block does not end"
    ask unblock "$CLI_V4" && fail "there was nothing to take back"
    stop_ajar
}

case_control_reload_profile() {
    control_box observe
    talkers 2
    expect "generation" "$(told generation reload)" -eq 1
    sed -i 's/mode = "observe"/mode = "enforce"/' "$WORK/ajar.toml"
    ask reload | grep -q "changed: policy.mode" || fail "nothing reloaded"
    echo 'nonsense = 1' >>"$WORK/ajar.toml"
    ask reload && fail "nonsense was taken over"
    [ "$(told mode stats)" = enforce ] || fail "not as it was"
    sed -i '$d' "$WORK/ajar.toml"
    ask profile linux | grep -q "^profile linux" || fail "no other profile"
    ask profile | grep -q "established *5 d" || fail "not its timers"
    ask profile zeek 2>"$WORK/zeek" && fail "zeek's rule was taken over"
    grep -q "set mode = .observe." "$WORK/zeek" || fail "$(cat "$WORK/zeek")"
    ask reload | grep -q "changed: .*policy.profile" || fail "a reload does not return to the file's"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

# Frames that both ends have sent and received, and those that the appliance says it has taken and given.
ends_count() {
    local what
    for what in tx_packets rx_packets; do
        echo $(($(cli cat /sys/class/net/c0/statistics/$what) + $(srv cat /sys/class/net/s0/statistics/$what)))
    done
}
ajar_counts() {
    ask stats -o json | python3 -c 'import json, sys
ports = json.load(sys.stdin)["ports"]
print(*(sum(p[name] for p in ports) for name in ("received", "transmitted")), sep="\n")'
}
# By how much they differ: what else is on the cables came before.
frames_missing() {
    paste <(ends_count) <(ajar_counts) | awk '{ print $1 - $2 }' | paste -sd" "
}
no_frame_lost() { [ "$(frames_missing)" = "$FRAMES_BEFORE" ]; }
same_frames_twice() {
    FRAMES_BEFORE=$(frames_missing)
    sleep 0.2
    no_frame_lost
}

# Each option of the table once, and a thousand files, good and bad, while connections talk.
LONGEST_control_reloads=900 TAKES_control_reloads=36
case_control_reloads() {
    control_box observe
    within 20 same_frames_twice || fail "the cables are never quiet"
    talkers 20
    python3 "$HERE/helpers/reload.py" walk "$AJAR" "$WORK/ajar.toml" "$WORK/ajar.sock" || fail "not every option"
    python3 "$HERE/helpers/reload.py" many "$WORK/ajar.toml" "$WORK/ajar.sock" "$AJAR_PID" 1000 || fail "reloads"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    within 20 no_frame_lost || fail "frames: $(frames_missing), $FRAMES_BEFORE before"
    expect "frames dropped or missed" "$(missed)" -eq 0
    stop_ajar
}

case_control_hostile() {
    control_box observe
    talkers 4
    python3 "$HERE/helpers/hostile.py" "$WORK/ajar.sock" 10000 || fail "not every request was answered"
    [ "$(told control.faults stats)" -gt 3000 ] || fail "faults are not counted"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

# Whoever is no member of the group does not get in, and a second appliance does not take the path.
case_control_rights() {
    control_box observe
    [ "$(stat -c %a "$WORK/ajar.sock")" = 660 ] || fail "rights: $(stat -c %a "$WORK/ajar.sock")"
    sed "s/^mode = .*/&\n[control]\nsocket = \"${WORK//\//\\/}\/ajar.sock\"/; s/net_af_xdp.*boxc.*/net_ring0\"/; s/net_af_xdp.*boxs.*/net_ring1\"/" \
        "$WORK/ajar.toml" >"$WORK/second.toml"
    mkdir "$WORK/second"
    RUNTIME_DIRECTORY=$WORK/second box "$AJAR" run -c "$WORK/second.toml" --events "" --flows "" \
        >"$WORK/second.log" 2>&1 && fail "two appliances at one socket"
    grep -q "belongs to an appliance that runs" "$WORK/second.log" || fail "$(cat "$WORK/second.log")"
    ask list --count >/dev/null || fail "the first one's is gone"
    local status=0
    (sleep 2 && kill -TERM "$AJAR_PID") &
    ask events 2>"$WORK/followed" || status=$?
    expect "who follows an appliance that ends is told by its status" $status -eq 1
    grep -q "the appliance is gone" "$WORK/followed" || fail "$(cat "$WORK/followed")"
    wait "$AJAR_PID" || fail "ajar ended with status $?"
    [ -e "$WORK/ajar.sock" ] && fail "it is left behind"
    ask list --count 2>"$WORK/none" && fail "somebody answers"
    grep -q "no appliance runs there" "$WORK/none" || fail "$(cat "$WORK/none")"
}

TAKES_control_top=20
case_control_top() {
    control_box observe
    talkers 2
    for how in q TERM INT HUP; do
        RUNTIME_DIRECTORY=$WORK python3 "$HERE/helpers/screen.py" "$AJAR" $how || fail "top that ends by $how"
    done
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

# SYNs to an address that nobody has: each is a flow, and nobody answers.
knock_on_nobody() { # hping3's options...
    background cli hping3 -q -S -p 81 --rand-source "$@" "$NOBODY" >"$WORK/hping3.log" 2>&1
    KNOCKER=$!
}
# Frames that came and were not taken: at the devices before any burst, and under any Reason.
missed() {
    ask stats -o json | python3 -c 'import json, sys
a = json.load(sys.stdin)
print(sum(p["missed"] + p["no_buffer"] for p in a["ports"]) + sum(a["disposed"].values()))'
}
flows_now() { told tracker.half_open stats; }
a_million() { # nobody asks all the time, for the CPU is the flood's
    [ "$(flows_now)" -ge 1000000 ] || { sleep 1; false; }
}

case_control_would_have() {
    NOBODY=10.77.0.99
    topology_direct
    configure <<TOML
[policy]
mode = "observe"
[timeouts]
syn_sent = "1s"
syn_recv = "1s"
TOML
    start_ajar
    cli ip neigh add $NOBODY lladdr "$(srv cat /sys/class/net/s0/address)" dev c0
    background cli hping3 -q -S -p 81 --rand-source -c 12 -i u1000 "$NOBODY" >"$WORK/hping3.log" 2>&1
    small_server "$SRV_V4" 9200 echo 64
    within 20 echoes 9200 || fail "no server"
    # Its ACK goes astray: the server has half of a connection.
    cli nft -f - <<<'table ip astray { chain out { type filter hook output priority 0;
        tcp dport 9200 tcp flags & (syn|ack) == ack drop; }; }'
    background cli timeout 3 nc -w 3 "$SRV_V4" 9200 </dev/null
    within 10 would_have_evicted stale_syn_sent 5 || fail "$(ask stats -o json)"
    within 10 would_have_evicted stale_syn_recv 1 || fail "$(ask stats -o json)"
    expect "RSTs to the server" "$(told would.resets stats)" -ge 1
    ask stats | grep -A 4 "What enforce would have done" | grep -q stale_syn_recv || fail "stats does not tell"
    stop_ajar
    grep -q "in mode enforce .* would have been evicted" "$WORK/ajar.log" || fail "the summary does not tell"
}
would_have_evicted() { # reason count
    [ "$(told "would.evicted.$1" stats 2>/dev/null || echo 0)" -ge "$2" ]
}

list_all() { ask list -o csv >"$WORK/all.csv"; }
# Sets TOOK, in microseconds.
timed() { # command...
    local began=${EPOCHREALTIME/./}
    "$@"
    TOOK=$((${EPOCHREALTIME/./} - began))
}
# Frames are not missed more often while the command runs than in as long a time before it, which is what it took
# the last time, or 10 s. A machine with other work misses some at any time.
TOOK=3000000
costs_nothing() { # command...
    local counts=() window=$((TOOK < 10000000 ? TOOK : 10000000))
    counts+=("$(missed)")
    sleep "$((window / 1000000)).$(printf %06d $((window % 1000000)))"
    counts+=("$(missed)")
    timed "$@"
    counts+=("$(missed)")
    local before=$((counts[1] - counts[0])) meanwhile=$((counts[2] - counts[1]))
    echo "missed in $((window / 1000)) ms before: $before, while it ran for $((TOOK / 1000)) ms: $meanwhile"
    [ $((meanwhile * window)) -le $((before * TOOK)) ]
}

LONGEST_control_million_flows=900 TAKES_control_million_flows=50 BUSY_control_million_flows=1
case_control_million_flows() {
    NOBODY=10.77.0.99
    EMBRYONIC=1536Ki
    topology_direct
    configure <<TOML
[policy]
mode = "observe"
[timeouts]
syn_sent = "1h"
[defence]
answer = "off"
TOML
    sed -i '/^\[events\]/,$d' "$WORK/ajar.toml" # gigabytes of lines about flows that begin
    start_ajar
    cli ip neigh add $NOBODY lladdr "$(srv cat /sys/class/net/s0/address)" dev c0
    small_server "$SRV_V4" 9200 echo 64
    within 20 echoes 9200 || fail "no server"
    knock_on_nobody --flood
    within 240 a_million || fail "only $(flows_now) flows"
    kill "$KNOCKER"
    talkers 4
    knock_on_nobody -i u200
    sleep 1
    costs_nothing list_all || costs_nothing list_all || costs_nothing list_all ||
        fail "frames are missed while the flows are listed"
    expect "flows in the list" "$(wc -l <"$WORK/all.csv")" -gt 1000000
    expect "each once" "$(cut -d, -f1 "$WORK/all.csv" | sort | uniq -d | wc -l)" -eq 0
    expect "of one source" "$(ask list --addr "$CLI_V4" --dport 9200 --state established --count)" -eq 4
    expect "the oldest" "$(ask list --sort age --limit 100 -o json 2>"$WORK/more" | wc -l)" -eq 100
    expect "behind them" "$(ask list --sort age --limit 100 -o json --cursor "$(sed 's/.* //' "$WORK/more")" | wc -l)" -eq 100
    expect "flushed" "$(told evicted flush --dport 81 --timeout 100s)" -ge 1000000
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    kill "$KNOCKER"
    stop_ajar
}
