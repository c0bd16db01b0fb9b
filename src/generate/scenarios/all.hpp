// Which functions write which scenario; scenario.cpp lists them by name.
#pragma once

#include "generate/scenario.hpp"

namespace ajar::gen {

void handshake(Draw& d);
void ipv6(Draw& d);
void vlan(Draw& d);
void qinq(Draw& d);
void fragments(Draw& d);
void retransmit(Draw& d);
void flood(Draw& d);
void scan(Draw& d);
void embryonic(Draw& d);
void idle(Draw& d);
void crash(Draw& d);
void halfclosed(Draw& d);
void churn(Draw& d);
void reuse(Draw& d);
void closed(Draw& d);
void unanswered(Draw& d);
void crowded(Draw& d);
void faraway(Draw& d);
void oneway(Draw& d);
void rerouted(Draw& d);
void synscan(Draw& d);
void sweep(Draw& d);
void connectscan(Draw& d);
void slowscan(Draw& d);
void crawler(Draw& d);
void unheard(Draw& d);
void unkept(Draw& d);
void vanished(Draw& d);
void shut_out(Draw& d);
void reopened(Draw& d);
void refused_late(Draw& d);
void cut_through(Draw& d);
void lookalike(Draw& d);

}  // namespace ajar::gen
