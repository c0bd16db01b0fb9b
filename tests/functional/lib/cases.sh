# How one case runs: a folder, namespaces and processes of its own, all gone when it ends.
# shellcheck shell=bash

TOOLS=(ip ethtool iperf3 curl hping3 ss nstat nft python3)

what_is_missing() {
    [ "$(id -u)" = 0 ] || { echo "not root, no namespaces"; return; }
    [ -x "$AJAR" ] || { echo "no program at $AJAR"; return; }
    "$AJAR" run --print-config >/dev/null 2>&1 || { echo "$AJAR was built without the data plane"; return; }
    for tool in "${TOOLS[@]}"; do
        type -P "$tool" >/dev/null || { echo "no $tool"; return; }
    done
    ip netns add ajarprobe$$ 2>/dev/null || { echo "no network namespaces"; return; }
    ip netns del ajarprobe$$
}

# Seconds that a case may take, where it says nothing of its own: LONGEST_of_its_name. For what hangs, not for what
# is slow: a machine with other work takes thrice as long as one without.
LONGEST=400

# What the order of the cases follows from: the seconds that a case takes, 10 where it says nothing of its own in
# TAKES_of_its_name, and whether it needs a CPU, where it sets BUSY_of_its_name.
longest_first() { # name...
    local name takes
    for name in "$@"; do
        takes=TAKES_$name
        echo "${!takes:-10} $name"
    done | sort -srnk1,1 | cut -d' ' -f2
}
is_busy() { # name
    local busy=BUSY_$1
    [ -n "${!busy:-}" ]
}

# The case in a shell of its own, which ends by itself, by fail(), or by the watchdog.
start_case() { # name
    local shell=$BASHPID own=LONGEST_$1
    local longest=${!own:-$LONGEST}
    trap clean_up EXIT
    # shellcheck disable=SC2064  # the value of now
    trap "fail 'longer than $longest s'" ALRM
    (
        sleep "$longest" &
        echo $! >>"$WORK/pids"
        wait $! && kill -ALRM "$shell"
    ) &
    set -e
    "case_$1"
}

# Prints PASS, "SKIP: why", or what went wrong. A case reports by its exit status and by fail().
run_case() { # name
    WORK=$(mktemp -d "${TMPDIR:-/tmp}/ajar-functional.XXXXXX")
    (start_case "$1") >"$WORK/output" 2>&1 # no condition: the shell would ignore set -e in it
    local status=$?
    if [ $status = 0 ]; then
        verdict=PASS
    elif [ -s "$WORK/skipped" ]; then
        verdict="SKIP: $(cat "$WORK/skipped")"
    else
        verdict="FAIL
$(tail -n 12 "$WORK/output")
$([ -f "$WORK/ajar.log" ] && echo "--- ajar:" && tail -n 15 "$WORK/ajar.log")"
        [ "$KEEP" = 1 ] && echo "$verdict
--- kept in $WORK" && return
    fi
    echo "$verdict"
    rm -rf "$WORK"
}

fail() {
    echo "FAILED: $*"
    exit 1
}
skip() {
    echo "$*" >"$WORK/skipped"
    exit 1
}

# Starts a command in the background, at cli, srv, box or wire; it is stopped when the case ends. Its pid, the
# command's own, is in $!.
background() { # where command...
    local name=$1
    shift
    ip netns exec "$(namespace "$name")" "$@" &
    echo $! >>"$WORK/pids"
}

stop_pids() { # signal
    local pid
    [ -f "$WORK/pids" ] || return 0
    while read -r pid; do
        kill "-$1" "$pid" 2>/dev/null || true
    done <"$WORK/pids"
}

clean_up() {
    set +e
    stop_pids TERM
    sleep 0.2
    stop_pids KILL
    delete_namespaces
    # shellcheck source=/dev/null
    [ ! -f "$WORK/undo" ] || . "$WORK/undo"
}

# Tries a command until it succeeds or the seconds are over.
within() { # seconds command...
    local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000))
    shift
    until "$@"; do
        [ "${EPOCHREALTIME/./}" -lt $deadline ] || return 1
        sleep 0.1
    done
}
