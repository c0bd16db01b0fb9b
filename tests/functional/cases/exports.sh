# What leaves the appliance: records to sockets and files, while their readers come, go and rotate.
# shellcheck shell=bash disable=SC2034,SC2154

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

stop_ajar_that_lost_some() {
    kill -TERM "$AJAR_PID"
    local status=0
    wait "$AJAR_PID" || status=$?
    expect "ajar's status, for records were lost" $status -eq 1
}

# A collector on a UNIX socket is not there at first, comes, is killed, and comes back as one of datagrams.
case_events_to_a_socket() {
    topology_direct
    configure <<<'timeouts.close = "1s"'
    sed -i "s|^file = .*|file = \"unix:$WORK/eve.sock\"|" "$WORK/ajar.toml"
    start_ajar
    local kind lost
    for kind in stream datagram; do
        background box python3 "$HERE/helpers/listen.py" $kind "$WORK/eve.sock" "$WORK/$kind.json"
        local collector=$!
        within 20 test -S "$WORK/eve.sock"
        sleep 1.2 # what came before is lost by then
        knock 20
        within 20 more_records_than 19 "$WORK/$kind.json" || fail "no records over $kind"
        whole_lines "$WORK/$kind.json"
        kill -KILL $collector
        wait $collector || true
        lost=$(told main.lines_lost stats)
        knock 5
        within 20 lines_lost_are $((lost + 5)) || fail "nothing is lost, though nobody listens"
    done
    stop_ajar_that_lost_some
    expect "records lost, and counted" "$(summary lines_lost)" -ge 10
    expect "records not accounted for" $(($(summary lines_written) - $(records_in "$WORK/stream.json") - \
        $(records_in "$WORK/datagram.json") - $(wc -l <"$WORK/flows.json"))) -ge 0
}

lines_lost_are() { [ "$(told main.lines_lost stats)" -ge "$1" ]; } # count

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
    within 20 flow_records_are 30 || fail "only $(wc -l <"$WORK/flows.json") flow records"
    logrotate -s "$WORK/logrotate.state" "$WORK/logrotate.conf" || fail "logrotate: $?"
    within 20 test -e "$WORK/flows.json" || fail "no new file of flow records"
    expect "flow records that logrotate found" "$(cat "$WORK"/flows.json.* | wc -l)" -ge 30
    knock 30
    stop_ajar
    expect "files of events" "$(ls "$WORK"/events.json* | wc -l)" -ge 5
    expect "the longest but the last" "$(stat -c %s "$WORK"/events.json.* | sort -n | tail -1)" -le 4096
    whole_lines "$WORK"/events.json* "$WORK"/flows.json*
    expect "lines" "$(cat "$WORK"/events.json* "$WORK"/flows.json* | wc -l)" -eq "$(summary lines_written)"
    expect "lost" "$(summary lines_lost)" -eq 0
}

flow_records_are() { [ "$(cat "$WORK"/flows.json* | wc -l)" -ge "$1" ]; } # count, rotated ones too

# Every connection is over, and told to the collector, or counted where that was in vain.
all_exported() {
    [ "$(ask list --count)" = 0 ] &&
        [ $(($(told main.flows_exported stats) + $(told main.exports_lost stats))) -eq "$(wc -l <"$WORK/flows.json")" ]
}
exports_settle() { within 20 all_exported || fail "flows are not exported: $(ask stats -o json)"; }
# That nobody listens is told by the failure of the next datagram, which is the one that counts as lost.
unheard() { # count
    knock 7
    exports_settle
    [ "$(told main.exports_lost stats)" -ge "$1" ]
}
collector_has_read() { [ "$(box ss -Hlun "sport = :9995" | awk '{ print $2 }')" = 0 ]; }

# nfdump's collector, in the box; NFCAPD is its pid.
start_nfcapd() {
    mkdir -p "$WORK/nf"
    TZ=UTC background box nfcapd -w "$WORK/nf" -p 9995 -b 127.0.0.1 -t 2 -B 1000000 >>"$WORK/nfcapd.log" 2>&1
    NFCAPD=$!
    within 20 listens_for_flows
}
listens_for_flows() {
    box ss -lun | grep -q :9995
}
stop_nfcapd() {
    within 20 collector_has_read || fail "the collector does not read"
    kill -TERM "$NFCAPD"
    wait "$NFCAPD" || true
}
# All that it has collected.
nfdump_of() { # format
    TZ=UTC nfdump -q -R "$WORK/nf" -o "$1"
}

# Biflows to a real collector: the same counts as in our own records, flags of the client, both directions' bytes,
# who began, and why it ended. The collector goes away in between and comes back.
TAKES_ipfix_to_nfcapd=18
case_ipfix_to_nfcapd() {
    type -P nfcapd >/dev/null || skip "no nfcapd"
    topology_direct
    configure <<'TOML'
timeouts.close = "1s"
timeouts.time_wait = "1s"
ipfix.collector = "udp:127.0.0.1:9995"
ipfix.template_interval = "1s"
TOML
    start_nfcapd
    start_ajar
    background srv python3 "$HERE/helpers/echo.py" "$SRV_V4" 80 64
    background srv python3 "$HERE/helpers/echo.py" "$SRV_V6" 80 64
    within 20 cli python3 "$HERE/helpers/exchange.py" "$SRV_V4" 80 1 10 || fail "no echo"
    within 20 cli python3 "$HERE/helpers/exchange.py" "$SRV_V6" 80 1 10 || fail "no echo over IPv6"
    cli python3 "$HERE/helpers/exchange.py" "$SRV_V4" 80 20 3000
    cli python3 "$HERE/helpers/exchange.py" "$SRV_V6" 80 20 30000
    knock 20
    exports_settle
    stop_nfcapd
    within 60 unheard 7 || fail "nobody listens, and nothing is counted as lost"
    start_nfcapd
    knock 2 # the first datagram may be one that nobody hears, for want of the templates
    exports_settle
    knock 20
    exports_settle
    stop_ajar_that_lost_some
    stop_nfcapd
    nfdump_of json >"$WORK/nf.json"
    nfdump_of raw >"$WORK/nf.txt"
    expect "echoes, the same at both" "$(python3 "$HERE/helpers/collected.py" "$WORK/flows.json" "$WORK/nf.json" 80)" \
        -eq "$(flows id.resp_p=80)"
    expect "of them" "$(flows id.resp_p=80)" -ge 42
    expect "refusals, the same at both" \
        "$(python3 "$HERE/helpers/collected.py" "$WORK/flows.json" "$WORK/nf.json" 9)" -ge 40
    expect "flows of which the collector was told who began" \
        "$(grep -c 'biFlow Dir .* initiator' "$WORK/nf.txt")" -eq "$(grep -c '^Flow Record' "$WORK/nf.txt")"
    expect "ends that were detected" "$(grep -c 'end reason .* end of Flow detected' "$WORK/nf.txt")" -ge 82
    expect "flags of the clients' echoes" "$(grep -c '"tcp_flags" : "...A..SF"' "$WORK/nf.json")" -ge 42
    expect "losses that the collector has noticed" "$(grep -c 'Sequence Errors: [1-9]' "$WORK/nfcapd.log")" -eq 0
    expect "flows that nobody heard of, and counted so" "$(summary flows_not_exported)" -ge 7
    expect "exported or counted as lost" $(($(summary flows_exported) + $(summary flows_not_exported))) -eq \
        "$(wc -l <"$WORK/flows.json")"
}

# Collectors that take the connection and never read: what they do not take is lost and counted, and nothing of it
# reaches the frames.
TAKES_exporters_that_stall=16 BUSY_exporters_that_stall=1
case_exporters_that_stall() {
    topology_direct
    configure <<'TOML'
timeouts.close = "1s"
ipfix.collector = "tcp:127.0.0.1:9996"
TOML
    sed -i "s|^file = .*|file = \"unix:$WORK/eve.sock\"|" "$WORK/ajar.toml"
    background box python3 -c 'import socket, sys, time
there = [socket.socket(), socket.socket(socket.AF_UNIX)]
there[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
for s, address in zip(there, (("127.0.0.1", 9996), sys.argv[1])):
    s.bind(address)
    s.listen(1)
peers = [s.accept() for s in there]
time.sleep(100)' "$WORK/eve.sock"
    within 20 test -S "$WORK/eve.sock"
    start_ajar
    within 20 has_both_connections || fail "the exporters have not connected"
    # fifteen thousand refused connections, two lines and a biflow each, while others want in at once
    background cli hping3 -q -i u200 -c 15000 -S -p 9 "$SRV_V4" >"$WORK/hping3" 2>&1
    local flood=$!
    for _ in 1 2 3 4 5 6; do
        cli python3 "$HERE/helpers/refused.py" "$SRV_V4" 9 5 || fail "a frame was held up"
        sleep 0.3
    done
    within 60 eval "! kill -0 $flood 2>/dev/null"
    sleep 1.5
    stop_ajar_that_lost_some
    expect "lines that the listener took" "$(summary lines_written)" -ge 100
    expect "lines lost" "$(summary lines_lost)" -ge 1000
    expect "flows not exported" "$(summary flows_not_exported)" -ge 1000
    expect "events lost in the workers' rings" "$(summary events_lost)" -eq 0
    expect "exported or counted as lost" $(($(summary flows_exported) + $(summary flows_not_exported))) -eq \
        "$(wc -l <"$WORK/flows.json")"
    [ "$(summary sums_hold)" = True ] || fail "the frames do not add up"
    expect "frames dropped" "$(python3 -c 'import json, sys
print(sum(json.load(open(sys.argv[1]))["disposed_by_reason"].values()))' "$WORK/summary.json")" -eq 0
}
has_both_connections() {
    [ "$(box ss -Htn state established dport = :9996 | wc -l)" = 1 ] && [ "$(box ss -Hx state established | grep -c eve.sock)" -ge 1 ]
}

# Segments of a capture's connection by that port, as they are known by: who, flags, numbers, length.
segments_of() { # capture port [since, seconds of the epoch]
    tcpdump -ttnSr "$1" "tcp port $2" 2>/dev/null | awk -v since="${3:-0}" '$1 >= since { $1 = ""; print }' |
        sed 's/ win .*length/ length/' | sort
}
# Of the first event with these members: one of them.
member_of() { # member condition...
    python3 -c 'import json, sys
for line in open(sys.argv[1]):
    event = json.loads(line)
    if all(str(event.get(c.split("=")[0])) == c.split("=")[1] for c in sys.argv[3:]):
        print(event[sys.argv[2]])
        break' "$WORK/events.json" "$@"
}
epoch_of() { # timestamp
    python3 -c 'import datetime, sys
print(datetime.datetime.strptime(sys.argv[1], "%Y-%m-%dT%H:%M:%S.%f%z").timestamp())' "$1"
}
begin_words() { # name; its input is descriptor WORDS
    mkfifo "$WORK/$1.in"
    exec {WORDS}<>"$WORK/$1.in"
    background cli python3 "$HERE/helpers/late_words.py" "$SRV_V4" 80 "$WORK/$1.in" >"$WORK/$1.out"
    within 20 test -s "$WORK/$1.out" || fail "no connection"
    WORDS_PORT=$(head -1 "$WORK/$1.out")
    echo "first words" >&"$WORDS"
    within 20 grep -q heard "$WORK/$1.out" || fail "no echo"
}
case_packets_of_flagged_flows() {
    topology_direct
    mkdir "$WORK/packets"
    configure <<TOML
timeouts.established = "2s"
signs.retransmissions = 2
capture.folder = "$WORK/packets"
TOML
    background cli tcpdump -U -i c0 -w "$WORK/c0.pcap" tcp 2>"$WORK/tcpdump"
    within 20 grep -q "listening on" "$WORK/tcpdump" || fail "no capture: $(cat "$WORK/tcpdump")"
    background srv python3 "$HERE/helpers/echo.py" "$SRV_V4" 80 64
    start_ajar

    begin_words silent # is flagged for its silence, then speaks again: what follows is in the file, all of it
    local silent=$WORDS silent_port=$WORDS_PORT
    within 20 eval '[ "$(events event_type=flagged src_port=$silent_port)" -ge 1 ]' || fail "not flagged"
    expect "flagged" "$(events event_type=flagged "src_port=$silent_port" ajar.reason=idle)" -eq 1
    for word in more and more; do echo $word >&"$silent"; done
    within 20 eval '[ "$(grep -c heard "$WORK/silent.out")" = 4 ]' || fail "no echo after the flag"
    echo bye >&"$silent"

    begin_words lost # says something that its peer does not hear: the repeats are there from before the verdict
    local lost_port=$WORDS_PORT
    srv nft add table inet filter
    srv nft 'add chain inet filter input { type filter hook input priority 0; }'
    srv nft add rule inet filter input tcp dport 80 drop
    echo "unheard" >&"$WORDS"
    within 30 eval '[ "$(events event_type=half_open src_port=$lost_port)" -ge 1 ]' || fail "no verdict"
    sleep 1
    stop_ajar

    local file at
    file=$(member_of capture_file event_type=flagged "src_port=$silent_port")
    at=$(epoch_of "$(member_of timestamp event_type=flagged "src_port=$silent_port")")
    segments_of "$file" "$silent_port" >"$WORK/ours"
    expect "segments after the flag" "$(wc -l <"$WORK/ours")" -ge 9
    within 10 eval 'segments_of "$WORK/c0.pcap" "$silent_port" "$at" >"$WORK/theirs"; cmp -s "$WORK/ours" "$WORK/theirs"' || true
    cmp "$WORK/ours" "$WORK/theirs" || fail "not those of the wire: $(diff "$WORK/ours" "$WORK/theirs")"

    file=$(member_of capture_file event_type=half_open "src_port=$lost_port")
    at=$(epoch_of "$(member_of timestamp event_type=half_open "src_port=$lost_port")")
    expect "repeats until the verdict" \
        $(($(segments_of "$file" "$lost_port" | wc -l) - $(segments_of "$file" "$lost_port" "$at" | wc -l))) -ge 1
    expect "connections with packets" "$(tcpdump -nr "$file" tcp 2>/dev/null | awk '{ print $3 "\n" $5 }' | tr -d : |
        grep -v '\.80$' | sort -u | wc -l)" -eq 2
    expect "packets written" "$(summary packets_written)" -eq "$(tcpdump -nr "$file" 2>/dev/null | wc -l)"
    expect "packets lost" "$(summary packets_lost)" -eq 0
}

# Hugepages for a case, given back at its end. HUGE is where they are mounted.
take_hugepages() { # MiB
    local pages=/proc/sys/vm/nr_hugepages before
    before=$(cat $pages)
    HUGE=$WORK/huge
    mkdir "$HUGE"
    echo "umount '$HUGE'; echo $before >$pages" >"$WORK/undo"
    within 20 hugepages_are $((before + $1 / 2)) || skip "no hugepages"
    mount -t hugetlbfs -o pagesize=2M none "$HUGE" || skip "no hugetlbfs"
}

# Memory in pieces is put together for them.
hugepages_are() { # count
    echo 1 2>/dev/null >/proc/sys/vm/compact_memory || true
    echo "$1" 2>/dev/null >/proc/sys/vm/nr_hugepages && [ "$(cat /proc/sys/vm/nr_hugepages)" -ge "$1" ]
}

# DPDK's own capture of what crosses, on an appliance that runs: started and stopped while it does, twice.
dumpcap_has() { # count, what it prints
    local last
    last=$(grep -ao 'Packets captured: [0-9]*' "$2" | tail -n 1)
    [ "${last##* }" -ge "$1" ]
}
case_dpdk_dumpcap() {
    type -P dpdk-dumpcap >/dev/null || skip "no dpdk-dumpcap"
    DEVICE=tap
    topology_tap
    take_hugepages 320
    configure <<'TOML'
timeouts.close = "1s"
TOML
    sed -i "s|^hugepages = .*|hugepages = \"on\"\ndumpcap = \"ajar-case-$LANE\"\neal_args = [\"--huge-dir=$HUGE\"]|" \
        "$WORK/ajar.toml"
    start_ajar
    local round
    for round in 1 2; do
        RUNTIME_DIRECTORY=$WORK background box dpdk-dumpcap --file-prefix="ajar-case-$LANE" -i $((round - 1)) \
            -w "$WORK/dump$round.pcapng" >"$WORK/dumpcap$round" 2>&1
        local dumpcap=$!
        within 30 grep -q 'Packets captured' "$WORK/dumpcap$round" || fail "it does not begin: $(cat "$WORK/dumpcap$round")"
        sleep 0.5
        knock 50
        within 10 dumpcap_has 100 "$WORK/dumpcap$round" || true # of each connection the SYN and the RST
        sleep 0.5
        kill -INT $dumpcap
        wait $dumpcap || true
        expect "SYNs that it saw come, or go" \
            "$(tcpdump -nr "$WORK/dump$round.pcapng" 'tcp[tcpflags] == tcp-syn and port 9' 2>/dev/null | wc -l)" -ge 50
        crosses || fail "nothing crosses any more"
    done
    stop_ajar
    expect "hugepages that stay taken" "$(find "$HUGE" -type f | wc -l)" -eq 0
}
