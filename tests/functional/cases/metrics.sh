# What an appliance shows over HTTP, by a real Prometheus, by DPDK's telemetry, and to hostile visitors.
# shellcheck shell=bash disable=SC2034  # TAKES_..., BUSY_... and LONGEST_... are read by lib/cases.sh

HTTP=127.0.0.1:9293 # in the box's namespace, which has a loopback of its own

scrape() { # curl's options...
    box curl -sS --max-time 5 "$@" "http://$HTTP/metrics"
}
# One sample of a scrape.
sample_of() { # name{labels}
    scrape | awk -v name="$1" '$1 == name { print $2; found = 1 } END { exit !found }'
}

PROMETHEUS=127.0.0.1:9390
start_prometheus() { # bind it to the box, where the appliance listens
    cat >"$WORK/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: ["$(realpath "$HERE/../../conf/alerts.yml")"]
scrape_configs:
  - job_name: ajar
    static_configs: [{targets: ["$HTTP"], labels: {instance: box}}]
YAML
    background box prometheus --config.file="$WORK/prometheus.yml" --storage.tsdb.path="$WORK/prometheus" \
        --web.listen-address=$PROMETHEUS --log.level=warn >"$WORK/prometheus.log" 2>&1
    PROMETHEUS_PID=$!
    within 30 box curl -sf "http://$PROMETHEUS/-/ready" >"$WORK/ready" || fail "no Prometheus: $(cat "$WORK/prometheus.log")"
}
# A number, by Prometheus' query API; fails where there is none.
query() { # expression
    box curl -sS --data-urlencode "query=$1" "http://$PROMETHEUS/api/v1/query" |
        python3 -c 'import json, sys
result = json.load(sys.stdin)["data"]["result"]
if not result: sys.exit(1)
print(result[0]["value"][1])'
}
answers() { # expression relation value
    local got
    got=$(query "$1") && python3 -c "import sys; sys.exit(not $got $2 $3)"
}

TAKES_metrics_prometheus=18
case_metrics_prometheus() {
    type -P prometheus >/dev/null || skip "no Prometheus"
    control_box observe
    start_prometheus
    talkers 5
    within 30 answers 'ajar_flows{state="established"}' == 5 ||
        fail "$(query 'ajar_flows{state="established"}') flows; $(box curl -sS "http://$PROMETHEUS/api/v1/targets")"
    within 30 answers 'sum(rate(ajar_worker_packets_total[5s]))' '>' 1 || fail "no packets a second"
    within 20 answers 'up' == 1 || fail "not up"
    query 'ajar_build_info{version!=""}' >/dev/null || fail "no version"
    answers 'sum(ajar_table_capacity{table="confirmed"})' '>=' 16384 || fail "no capacity"
    answers 'sum(rate(ajar_worker_cycles_total{round="busy"}[5s])) / sum(rate(ajar_worker_cycles_total[5s]))' '<' 1.01 ||
        fail "no busy share"
    # Every rule evaluates, and none complains of a quiet appliance.
    box curl -sS "http://$PROMETHEUS/api/v1/rules" | python3 -c 'import json, sys
rules = [r for g in json.load(sys.stdin)["data"]["groups"] for r in g["rules"]]
wrong = [r["name"] for r in rules if r["health"] != "ok" or r["state"] == "firing"]
print(len(rules), "rules")
assert len(rules) > 10 and not wrong, wrong' || fail "rules"
    box python3 "$HERE/helpers/dashboard.py" "$HERE/../../conf/grafana.json" box $PROMETHEUS || fail "the dashboard"
    # A configuration that is refused is counted, and it is not taken over.
    echo 'nonsense = 1' >>"$WORK/ajar.toml"
    ask reload && fail "nonsense was taken over"
    within 20 answers 'ajar_config_reloads_total{outcome="refused"}' == 1 || fail "not counted"
    kill -TERM "$PROMETHEUS_PID"
    wait "$PROMETHEUS_PID" || true
    scrape | promtool check metrics || fail "promtool does not like the names"
    scrape -H 'Accept: application/openmetrics-text' | tail -n 1 | grep -qx '# EOF' || fail "no OpenMetrics"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

case_metrics_hostile() {
    control_box observe
    talkers 4
    box python3 "$HERE/helpers/hostile_http.py" 9293 10000 || fail "not every request ended as it should"
    [ "$(sample_of ajar_http_faults_total)" -gt 3000 ] || fail "faults are not counted"
    [ "$(sample_of ajar_http_visitors)" -le 64 ] || fail "more visitors than there is room for"
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    # Visitors who dawdle do not keep it from ending.
    background box python3 -c 'import socket, time
all = [socket.create_connection(("127.0.0.1", 9293)) for _ in range(30)]
time.sleep(300)'
    within 20 dawdlers_are 30 || fail "nobody dawdles"
    stop_ajar_soon
}
dawdlers_are() { [ "$(box ss -Htn state established dport = :9293 | wc -l)" -ge "$1" ]; } # count

# Where the port is somebody else's, the default goes without; who asked for it is told.
case_metrics_listen() {
    topology_direct
    background box nc -l 127.0.0.1 9293
    within 20 box sh -c 'ss -Hltn | grep -q 127.0.0.1:9293' || fail "nobody listens"
    configure <<<'policy.mode = "observe"'
    start_ajar
    grep -q "no HTTP server: .*127.0.0.1:9293: Address already in use" "$WORK/ajar.log" || fail "nothing said"
    stop_ajar
    printf '[http]\nlisten = "127.0.0.1:9293"\n' >>"$WORK/ajar.toml"
    box "$AJAR" run -c "$WORK/ajar.toml" >"$WORK/second.log" 2>&1 && fail "it runs"
    grep -q '\[http\] listen: cannot listen at 127.0.0.1:9293.*name another port' "$WORK/second.log" || fail "$(cat "$WORK/second.log")"
    sed -i 's/127.0.0.1:9293/localhost/' "$WORK/ajar.toml"
    "$AJAR" run --check -c "$WORK/ajar.toml" 2>"$WORK/check" && fail "a name was taken for an address"
    grep -q 'http.listen' "$WORK/check" || fail "$(cat "$WORK/check")"
    sed -i 's/^listen = .*/listen = "10.77.0.9:9000"/' "$WORK/ajar.toml"
    box ip addr add 10.77.0.9/32 dev lo
    start_ajar
    box curl -sf -H 'Host: box.example' http://10.77.0.9:9000/metrics >"$WORK/scrape" || fail "nothing at another address"
    stop_ajar
}

case_metrics_telemetry() {
    control_box observe
    talkers 3
    python3 - "$WORK/dpdk/ajar$AJAR_PID" <<'PYTHON' || fail "telemetry"
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.connect(sys.argv[1] + "/dpdk_telemetry.v2")
s.recv(4096)
def ask(command):
    s.send(command.encode())
    return json.loads(s.recv(65536))[command.split(",")[0]]
assert ask("/ajar/flows")["established"] == 3, ask("/ajar/flows")
assert "ajar_worker_packets_total" in ask("/ajar/metrics")
assert ask("/ajar/worker,0")["worker_packets"] > 10
assert ask("/ajar/metric,ajar_table_used")["0_confirmed_ipv4"] >= 3
assert ask("/ajar/port,net_af_xdp0")["port_received_frames"] > 10
assert ask("/ajar/metric,ajar_nothing") is None
assert ask("/ajar/worker,999") is None
PYTHON
    kill -INT "$TALKER"
    wait "$TALKER" || fail "a connection was lost"
    stop_ajar
}

# Scraping all the time changes not a byte of what a run says.
case_metrics_change_nothing() {
    add_namespaces box
    "$AJAR" gen mix --connections 3000 --linger 1h -o "$WORK/in.pcap" >"$WORK/gen.log" 2>&1 || fail "$(cat "$WORK/gen.log")"
    : >"$WORK/empty.pcap"
    head -c 24 "$WORK/in.pcap" >"$WORK/empty.pcap"
    local how scraper
    for how in alone scraped; do
        cat >"$WORK/ajar.toml" <<TOML
[[ports]]
a = "net_pcap0,rx_pcap=$WORK/in.pcap,tx_pcap=$WORK/a.pcap"
b = "net_pcap1,rx_pcap=$WORK/empty.pcap,tx_pcap=$WORK/b.pcap"
[appliance]
clock = "packet"
seed = "7"
workers = 2
pace = 20000
hugepages = "off"
[tables]
confirmed = "16Ki"
embryonic = "16Ki"
tombstones = "16Ki"
TOML
        if [ $how = scraped ]; then
            (while :; do scrape >"$WORK/scrape" && echo x >>"$WORK/scrapes"; done 2>/dev/null) &
            scraper=$!
            echo $scraper >>"$WORK/pids"
        fi
        RUNTIME_DIRECTORY=$WORK box "$AJAR" run -c "$WORK/ajar.toml" --events "$WORK/$how.events" \
            --flows "$WORK/$how.flows" >"$WORK/ajar.log" 2>&1 || fail "it failed"
    done
    kill "$scraper"
    expect "scrapes" "$(wc -l <"$WORK/scrapes")" -gt 5
    [ -s "$WORK/alone.events" ] || fail "no events"
    cmp "$WORK/alone.events" "$WORK/scraped.events" || fail "other events"
    cmp "$WORK/alone.flows" "$WORK/scraped.flows" || fail "other flow records"
}
