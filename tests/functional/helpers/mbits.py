"""What iperf3 measured at the receiver, in whole Mbit/s."""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as report:
    print(round(json.load(report)["end"]["sum_received"]["bits_per_second"] / 1e6))
