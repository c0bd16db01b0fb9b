#!/bin/sh
# Does the example name what the generator knows to be half open? Arguments: ajar, half_open.
set -eu
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

"$1" gen flood --connections 50 --syn-acks 1 --linger 5m --seed 1 -o "$directory/flood.pcap"
"$2" "$directory/flood.pcap" > "$directory/said"
evicted=$(grep -c 'stale_syn_recv (the SYN-ACK was never acknowledged)' "$directory/said" || true)
if [ "$evicted" != 50 ]; then
    echo "50 handshakes were never finished, the example names $evicted:"
    cat "$directory/said"
    exit 1
fi
