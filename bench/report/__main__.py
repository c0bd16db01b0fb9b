"""What do the benches say? `python3 bench/report COMMAND`, of scripts/bench.

  condense RAW OUT COMMAND...    a Google Benchmark report without what names this machine
  replay AJAR FILE OUT ROUNDS    times `ajar replay` beside tcpdump and tshark
  exporters AJAR OUT ROUNDS      an appliance that exports beside one that does not
  machine OUT KEY=VALUE...       where and how was measured
  write RESULTS MARKDOWN         RESULTS.md and its plots, from the JSON files alone

The standard library only; the same JSON files give the same text.
"""
import sys

import condense
import exporters
import machine
import replay
import write

COMMANDS = {"condense": condense.main, "replay": replay.main, "exporters": exporters.main, "machine": machine.main,
            "write": write.main}

if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
    sys.exit(__doc__)
COMMANDS[sys.argv[1]](*sys.argv[2:])
