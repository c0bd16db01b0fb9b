# What leaves the appliance: records to sockets and files, while their readers come, go and rotate.
# shellcheck shell=bash disable=SC2154

# One refused connection after another, each from a port of its own.
knock() { # times
    cli python3 -c 'import socket, sys
for _ in range(int(sys.argv[2])):
    with socket.socket() as s:
        assert s.connect_ex((sys.argv[1], 9)) == 111' "$SRV_V4" "$1"
}

records_in() { # file
    cat "$1" 2>/dev/null | grep -c '"event_type"' || true
}
more_records_than() { # number file
    [ "$(records_in "$2")" -gt "$1" ]
}
whole_lines() { # file...
    python3 -c 'import json, sys
for name in sys.argv[1:]:
    for line in open(name, encoding="utf-8"):
        json.loads(line)' "$@" || fail "a record is no JSON"
}

# A collector on a UNIX socket is not there at first, comes, is killed, and comes back as one of datagrams.
case_events_to_a_socket() {
    topology_direct
    configure <<<'timeouts.close = "1s"'
    sed -i "s|^file = .*|file = \"unix:$WORK/eve.sock\"|" "$WORK/ajar.toml"
    start_ajar
    for kind in stream datagram; do
        background box python3 "$HERE/helpers/listen.py" $kind "$WORK/eve.sock" "$WORK/$kind.json"
        local collector=$!
        within 5 test -S "$WORK/eve.sock"
        sleep 1.2 # what came before is lost by then
        knock 20
        within 5 more_records_than 19 "$WORK/$kind.json" || fail "no records over $kind"
        whole_lines "$WORK/$kind.json"
        kill -KILL $collector
        wait $collector || true
        knock 5
        sleep 1.2
    done
    kill -TERM "$AJAR_PID"
    local status=0
    wait "$AJAR_PID" || status=$?
    expect "ajar's status, for records were lost" $status -eq 1
    expect "records lost, and counted" "$(summary lines_lost)" -ge 10
    expect "records not accounted for" $(($(summary lines_written) - $(records_in "$WORK/stream.json") - \
        $(records_in "$WORK/datagram.json") - $(wc -l <"$WORK/flows.json"))) -ge 0
}

# Ajar rotates the events itself, logrotate the flow records: no record is lost or cut.
case_rotation() {
    topology_direct
    configure <<<'timeouts.close = "1s"'
    cat >>"$WORK/ajar.toml" <<<'rotate_size = "4Ki"
rotate_keep = 1000'
    cat >"$WORK/logrotate.conf" <<TOML
$WORK/flows.json {
    size 1
    rotate 9
    nocreate
    postrotate
        kill -HUP $BASHPID
    endscript
}
TOML
    start_ajar
    sed -i "s|-HUP .*|-HUP $AJAR_PID|" "$WORK/logrotate.conf"
    knock 30
    sleep 2.5
    logrotate -s "$WORK/logrotate.state" "$WORK/logrotate.conf" || fail "logrotate: $?"
    within 5 test -e "$WORK/flows.json" || fail "no new file of flow records"
    expect "flow records that logrotate found" "$(cat "$WORK"/flows.json.* | wc -l)" -ge 30
    knock 30
    stop_ajar
    expect "files of events" "$(ls "$WORK"/events.json* | wc -l)" -ge 5
    expect "the longest but the last" "$(stat -c %s "$WORK"/events.json.* | sort -n | tail -1)" -le 4096
    whole_lines "$WORK"/events.json* "$WORK"/flows.json*
    expect "lines" "$(cat "$WORK"/events.json* "$WORK"/flows.json* | wc -l)" -eq "$(summary lines_written)"
    expect "lost" "$(summary lines_lost)" -eq 0
}
