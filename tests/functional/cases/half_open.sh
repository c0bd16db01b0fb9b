# Connections of which one end is gone: found by asking, and ended so that nobody is left hanging.
# shellcheck shell=bash disable=SC2034  # TAKES_..., BUSY_... and LONGEST_... are read by lib/cases.sh

asking_box() {
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "2s"
timeouts.unacknowledged = "2s"
timeouts.fin_wait = "1s"
timeouts.close_wait = "1s"
probe.interval = "1s"
probe.tries = 4
TOML
    start_ajar
}

# Ends die and nobody hears of it: their sockets are gone, and their last words were dropped on their own host.
vanish() { # cli|srv pid...
    local where=$1
    shift
    "$where" nft -f - <<'NFT'
table inet hush {
    chain out { type filter hook output priority 0; tcp flags & (fin | rst) != 0 drop; }
}
NFT
    kill -KILL "$@"
    wait "$@" 2>"$WORK/killed" || true
    "$where" nft delete table inet hush
}

verdicts() { # who, what was found of it
    events event_type=probed "ajar.probe.$1=$2"
}

# What is told of the first connection that was asked.
explains() { # words...
    local uid story words
    uid=$(grep -m1 '"event_type":"probed"' "$WORK/events.json" | sed 's/.*"uid":"\([^"]*\)".*/\1/')
    "$AJAR" explain "$uid" "$WORK/events.json" "$WORK/flows.json" >"$WORK/story" || fail "no story of $uid"
    story=$(tr -s ' \n' ' ' <"$WORK/story")
    for words in "$@"; do
        [[ $story == *"$words"* ]] || fail "not told: $words"
    done
}

# Each is said to be lost by that end, for certain, and shown.
proven_lost() { # verdict, who has lost it, how often
    local n
    n=$(python3 "$HERE/helpers/evidence.py" "$WORK/events.json" "$1" "$2") || fail "the evidence of $1"
    expect "$1 of $2, shown" "$n" -eq "$3"
}

case_half_open_server_killed() {
    topology_direct
    asking_box
    four_connections linger hear say sleep=60 -- say hear reset=20
    vanish srv "${LISTENERS[@]}"
    all_end_well CONNECTORS
    none_left
    stop_ajar
    expect "servers found gone" "$(verdicts resp gone)" -eq 4
    proven_lost active_side_discovery resp 4
    explains "2 s for this connection) had run out, so Ajar asked both ends" "The server answered by a RST: it has no such connection" \
        "The client learned from its peer's RST that the connection is gone." "ended: "
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

case_half_open_client_killed() {
    topology_direct
    asking_box
    four_connections hear say reset=20 -- linger say hear sleep=60
    vanish cli "${CONNECTORS[@]}"
    all_end_well LISTENERS
    none_left
    stop_ajar
    expect "clients found gone" "$(verdicts orig gone)" -eq 4
    proven_lost active_side_discovery orig 4
}

case_half_open_both_alive() {
    topology_direct
    asking_box
    four_connections hear say sleep=9 hear say -- say hear sleep=9 say hear
    all_end_well LISTENERS CONNECTORS
    stop_ajar
    expect "found alive" "$(events event_type=probed ajar.reason=proven_alive)" -ge 8
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

case_half_open_keepalives_speak_for_themselves() {
    topology_direct
    asking_box
    four_connections hear say sleep=9 hear say -- keepalive=1 say hear sleep=9 say hear
    all_end_well LISTENERS CONNECTORS
    stop_ajar
    for PORT in "${PORTS[@]}"; do expect "asked" "$(events event_type=probed dest_port=$PORT)" -eq 0; done
}

case_half_open_half_closed_and_quiet() {
    topology_direct
    asking_box
    two_ends hear sleep=8 drip=2 -- say half sleep=5 finish
    both_end_well
    grep -qx "received 2000" "$WORK/connector" || fail "the transfer was cut: $(cat "$WORK/connector")"
    stop_ajar
    expect "found alive" "$(events event_type=probed ajar.reason=proven_alive)" -ge 1
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# Nobody answers from there, and then the network is back: whoever speaks first learns that it is over.
loses_its_link() { # cli|srv device
    "$1" sysctl -qw "net.ipv6.conf.$2.keep_addr_on_down=1"
    "$1" ip link set "$2" down
}
case_half_open_network_gone() {
    topology_direct
    asking_box
    four_connections hear say "after=$WORK/back" say reset=2 -- say hear reset=20
    loses_its_link srv s0
    all_end_well CONNECTORS
    srv ip link set s0 up
    srv ip route add default via "$CLI_V4"
    touch "$WORK/back"
    all_end_well LISTENERS
    none_left
    stop_ajar
    expect "servers found silent" "$(verdicts resp silent)" -eq 4
    proven_lost silent_after_probe resp 4
    explains "so Ajar asked both ends whether they still have the connection: in 4 rounds, 1 s apart or more (probe.interval);" \
        "The server did not answer Ajar, which asked 4 times" "evicted: proven_dead" "RST to the client" \
        "The client was told by an exact RST"
}

case_half_open_client_network_gone() {
    topology_direct
    asking_box
    four_connections hear say reset=20 -- say hear "after=$WORK/back" say reset=2
    loses_its_link cli c0
    all_end_well LISTENERS
    cli ip link set c0 up
    touch "$WORK/back"
    all_end_well CONNECTORS
    none_left
    stop_ajar
    expect "clients found silent" "$(verdicts orig silent)" -eq 4
    proven_lost silent_after_probe orig 4
}

# Data that was under way when its receiver died is sent again and again; what would refuse it is dropped at first.
dies_unheard() { # cli|srv expression pid...
    local where=$1 words=$2
    shift 2
    "$where" nft -f - <<NFT
table inet hush {
    chain out { type filter hook output priority 0; $words drop; }
}
NFT
    kill -KILL "$@"
    touch "$WORK/dead"
    sleep 3
    "$where" nft delete table inet hush
}
case_half_open_data_in_flight() {
    topology_direct
    asking_box
    four_connections linger hear say sleep=60 -- say hear "after=$WORK/dead" say reset=20
    dies_unheard srv "tcp sport 9000-9015" "${LISTENERS[@]}"
    all_end_well CONNECTORS
    none_left
    stop_ajar
    proven_lost active_side_discovery resp 4
}

case_half_open_data_in_flight_to_the_client() {
    topology_direct
    asking_box
    four_connections hear say "after=$WORK/dead" say reset=20 -- linger say hear sleep=60
    dies_unheard cli "tcp dport 9000-9015" "${CONNECTORS[@]}"
    all_end_well LISTENERS
    none_left
    stop_ajar
    proven_lost active_side_discovery orig 4
}

# The server's words take another way from some moment on: nobody here knows that it lives, and nothing is done.
TAKES_half_open_answers_pass_elsewhere=20
case_half_open_answers_pass_elsewhere() {
    topology_direct
    link srv s1 cli c1
    plain_frames srv s1 1
    plain_frames cli c1 1
    cli sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.c1.rp_filter=0 net.ipv4.conf.c0.rp_filter=0
    asking_box
    two_ends hear say sleep=2 say sleep=11 hear say -- say hear sleep=1 hear sleep=11 say hear
    within 20 both_connected || fail "no connection"
    srv ip neigh add "$CLI_V4" dev s1 lladdr "$(cli cat /sys/class/net/c1/address)" nud permanent
    srv ip route add "$CLI_V4/32" dev s1
    both_end_well
    stop_ajar
    expect "undecided" "$(events event_type=probed ajar.reason=probe_undecided)" -ge 1
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# A host's processes die unheard, and with its namespace all of its sockets. Then it is there again, and knows
# nothing.
crash_and_reboot() { # cli|srv device IPv4 IPv6 pid...
    local where=$1 device=$2 v4=$3 v6=$4
    shift 4
    "$where" nft add table inet hush
    "$where" nft "add chain inet hush out { type filter hook output priority 0; tcp flags & (fin | rst) != 0 drop; }"
    kill -KILL "$@"
    wait "$@" 2>"$WORK/killed" || true
    wire ip link del "w-$where"
    ip netns del "$(namespace "$where")"
    add_namespaces "$where"
    plug "$where" "$device" "$v4" "$v6"
}

# Nobody is asked while the host comes up again.
patient_box() {
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "4s"
timeouts.unacknowledged = "4s"
probe.interval = "1s"
probe.tries = 4
TOML
    start_ajar
}
# They have just spoken.
all_are_ready() {
    local port
    touch "$WORK/go"
    for port in "${PORTS[@]}"; do within 20 test -e "$WORK/ready.$port" || fail "port $port is not ready"; done
}

# The first four survivors say nothing any more, the others go on.
case_half_open_server_rebuilt() {
    topology_bridged srv
    patient_box
    local serves="hear say after=$WORK/go hear say sleep=60" asks="say hear after=$WORK/go say hear tell=$WORK/ready.PORT"
    four_connections $serves -- $asks reset=20
    four_connections $serves -- $asks "after=$WORK/back" say reset=5
    all_are_ready
    crash_and_reboot srv s0 $SRV_V4 $SRV_V6 "${LISTENERS[@]}"
    touch "$WORK/back"
    all_end_well CONNECTORS
    none_left
    stop_ajar
    proven_lost active_side_discovery resp 8
    expect "servers found gone when asked" "$(verdicts resp gone)" -eq 4
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

TAKES_half_open_client_rebuilt=20
case_half_open_client_rebuilt() {
    topology_bridged cli
    patient_box
    local serves="hear say after=$WORK/go hear say tell=$WORK/ready.PORT" asks="say hear after=$WORK/go say hear sleep=60"
    four_connections $serves reset=20 -- $asks
    four_connections $serves "after=$WORK/back" say reset=5 -- $asks
    all_are_ready
    crash_and_reboot cli c0 $CLI_V4 $CLI_V6 "${CONNECTORS[@]}"
    touch "$WORK/back"
    all_end_well LISTENERS
    none_left
    stop_ajar
    proven_lost active_side_discovery orig 8
    expect "clients found gone when asked" "$(verdicts orig gone)" -eq 4
    expect "resets of our own" "$(events event_type=reset_sent)" -eq 0
}

# Ajar has seen data that its receiver never got: the receiver's reset must name the number that it expects.
case_half_open_data_lost_behind() {
    topology_direct
    patient_box
    two_ends hear say reset=40 -- linger say hear "tell=$WORK/heard" "after=$WORK/deaf" say "tell=$WORK/said" sleep=60
    within 20 test -e "$WORK/heard" || fail "no connection"
    srv nft -f - <<'NFT'
table inet deaf {
    chain in { type filter hook input priority 0; tcp dport 9000 drop; }
}
NFT
    touch "$WORK/deaf"
    within 20 test -e "$WORK/said" || fail "the client says nothing"
    vanish cli "$CONNECTOR"
    srv nft delete table inet deaf
    wait "$LISTENER" || fail "$(cat "$WORK/listener")"
    expect "sockets at the server" "$(sockets srv)" -eq 0
    expect "challenge ACKs of the server" "$(challenge_acks srv)" -eq 0
    stop_ajar
    expect "clients found gone" "$(verdicts orig gone)" -eq 1
}

# For a while the client's words went another way: what Ajar knows of its timestamps is stale.
TAKES_half_open_stale_timestamp=18
case_half_open_stale_timestamp() {
    topology_direct
    link srv s1 cli c1
    plain_frames srv s1 1
    plain_frames cli c1 1
    srv sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.s0.rp_filter=0 net.ipv4.conf.s1.rp_filter=0
    asking_box
    two_ends hear say hear say hear say sleep=12 hear say -- \
        say hear sleep=1 say hear sleep=1 say hear sleep=12 say hear
    within 20 both_connected || fail "no connection"
    sleep 0.5
    cli ip neigh add "$SRV_V4" dev c1 lladdr "$(srv cat /sys/class/net/s1/address)" nud permanent
    cli ip route add "$SRV_V4/32" dev c1 src "$CLI_V4"
    sleep 3
    cli ip route del "$SRV_V4/32" dev c1
    both_end_well
    stop_ajar
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# Somebody spends what the server's host may say to segments that do not fit.
case_half_open_challenge_budget_spent() {
    topology_direct
    srv sysctl -qw net.ipv4.tcp_challenge_ack_limit=1
    asking_box
    two_ends hear say sleep=11 hear say -- say hear sleep=11 say hear
    within 20 both_connected || fail "no connection"
    local port
    port=$(cli ss -Htn state established "( dport = :$PORT )" | awk '{ sub(/.*:/, "", $3); print $3 }')
    background cli hping3 -q -S -p "$PORT" -s "$port" -k -i u2000 "$SRV_V4" >"$WORK/hping3.log" 2>&1
    both_end_well
    stop_ajar
    expect "found dead" "$(events event_type=probed ajar.reason=proven_dead)" -eq 0
    expect "resets" "$(events event_type=reset_sent)" -eq 0
}

# The control: the same deaths with a bridge in the appliance's place. Who survives there still hangs after ten
# times as long as Ajar takes, 10 minutes at most.
readonly GONE_V4=10.77.0.3 GONE_V6=fd77::3 REBUILT_V4=10.77.0.4 REBUILT_V6=fd77::4
DEATHS=("server killed" "client killed" "network gone" "network gone, data in flight" "server rebuilt")

quick_box() {
    configure <<'TOML'
policy.mode = "enforce"
timeouts.established = "1s"
timeouts.unacknowledged = "1s"
probe.interval = "1s"
probe.tries = 2
TOML
    start_ajar
}

# One connection of each family; the survivor's pid in SURVIVORS, and where it writes in STORIES.
SURVIVORS=() STORIES=()
both_families() { # server, its IPv4, its IPv6, listener's steps -- connector's steps
    local addresses=("$2" "$3") lives=$LIVES
    SERVER=$1
    shift 3
    for ADDRESS in "${addresses[@]}"; do
        LOG=.$PORT
        two_ends "${@//PORT/$PORT}"
        within 20 both_connected || fail "no connection on port $PORT"
        PORTS+=("$PORT") LISTENERS+=("$LISTENER") CONNECTORS+=("$CONNECTOR")
        if [ "$lives" = cli ]; then SURVIVORS+=("$CONNECTOR"); else SURVIVORS+=("$LISTENER"); fi
        STORIES+=("$WORK/$([ "$lives" = cli ] && echo connector || echo listener).$PORT")
        PORT=$((PORT + 1))
    done
    SERVER=srv
}

# All deaths at once, in the order of DEATHS; `survives` is what the survivors do then.
everybody_dies() { # survives
    local survives=$1 dies="sleep=200" serves="hear say after=$WORK/go hear say" asks="say hear after=$WORK/go say hear"
    rm -f "$WORK"/{go,dead} "$WORK"/ready.*
    PORTS=() LISTENERS=() CONNECTORS=() SURVIVORS=() STORIES=()
    serves+=" tell=$WORK/ready.PORT"
    LIVES=cli both_families srv $SRV_V4 $SRV_V6 linger $serves $dies -- $asks $survives
    LIVES=srv both_families srv $SRV_V4 $SRV_V6 $serves $survives -- linger $asks $dies
    LIVES=cli both_families gone $GONE_V4 $GONE_V6 $serves $dies -- $asks $survives
    LIVES=cli both_families gone $GONE_V4 $GONE_V6 $serves $dies -- $asks "after=$WORK/dead" say $survives
    LIVES=cli both_families rebuilt $REBUILT_V4 $REBUILT_V6 $serves $dies -- $asks $survives
    all_are_ready
    wire ip link set w-gone down
    touch "$WORK/dead"
    vanish srv "${LISTENERS[@]:0:2}"
    vanish cli "${CONNECTORS[@]:2:2}"
    crash_and_reboot rebuilt r0 $REBUILT_V4 $REBUILT_V6 "${LISTENERS[@]:8:2}"
    DIED=$EPOCHREALTIME
}
revive() {
    kill -KILL "${LISTENERS[@]}" "${CONNECTORS[@]}" 2>"$WORK/killed" || true
    wire ip link set w-gone up
}

all_reset() {
    local i
    for i in "${!SURVIVORS[@]}"; do
        wait "${SURVIVORS[i]}" || fail "${DEATHS[i / 2]}: $(cat "${STORIES[i]}")"
        sed -n "s/^reset at //p" "${STORIES[i]}" >>"$WORK/resets"
    done
}
# The later of both families', from when the last had died.
took() { # number of the death
    awk -v died="$DIED" -v first=$((2 * $1)) 'NR == first + 1 || NR == first + 2 { t = $1 - died; if (t > most) most = t }
        END { printf "%.2f", (most < 0.1 ? 0.1 : most) }' "$WORK/resets"
}

LONGEST_half_open_control_bridge=900 # it waits ten times as long as it has measured
TAKES_half_open_control_bridge=52
case_half_open_control_bridge() {
    topology_bridged srv
    add_namespaces gone rebuilt
    plug gone g0 $GONE_V4 $GONE_V6
    plug rebuilt r0 $REBUILT_V4 $REBUILT_V6
    quick_box
    everybody_dies reset=30
    all_reset
    local longest i family
    longest=$(for i in 0 1 2 3 4; do took $i; echo; done | sort -n | tail -n 1)
    local patience
    patience=$(awk -v t="$longest" 'BEGIN { s = 10 * t; printf "%.0f", (s > 600 ? 600 : s + 0.5) }')
    for i in 0 1 2 3 4; do echo "${DEATHS[i]}: $(took $i) s with Ajar"; done
    revive
    stop_ajar
    box ip link set boxc promisc off
    bridge_instead
    PORT=$((PORT + 10))
    everybody_dies "silence=$patience"
    for i in "${!SURVIVORS[@]}"; do
        family=IPv$((i % 2 == 0 ? 4 : 6))
        wait "${SURVIVORS[i]}" || fail "${DEATHS[i / 2]}, $family: freed without Ajar: $(cat "${STORIES[i]}")"
        echo "${DEATHS[i / 2]}, $family: still hanging after $patience s without Ajar"
    done
}
