"""Figures of whole systems, measured earlier on one Zen 5 core: neither of this run nor of this machine.

Millions a second on one core, by connections; a packet of an established connection, or a new connection.
"""
OVS_ESTABLISHED = {"64Ki": 4.0, "1Mi": 2.29}
OVS_NEW = {"64Ki": 2.25, "1Mi": 1.51}
OVS_BYTES = 384
NF_ESTABLISHED = {"64Ki": 1.35, "1Mi": 1.14}  # conntrack's own share of the kernel's work
NF_FLOOD = {"1Mi": 0.97}
ROUTER = {"64Ki": 0.64, "1Mi": 0.59}  # Linux forwarding with conntrack
SYNPROXY = {"1Mi": 0.32}              # nft synproxy
