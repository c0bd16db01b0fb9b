// How a connection comes to be half open, and how that shows: the dialogue of each sign. Each begins where an
// open connection is, and says how it ended and why.
#pragma once

#include "generate/scenario.hpp"

namespace ajar::gen {

/// Data or a FIN to an end that is gone, again and again.
void unanswered_data(Draw& d, Script& s);
/// Keep-alives to it.
void unanswered_keep_alives(Draw& d, Script& s);
/// The client crashed, opens the same ports again and never says RST: the challenge ACKs lead nowhere.
void stuck(Draw& d, Script& s);
/// The same with a client that answers the challenge ACK by the exact RST, and then gets through.
void recovered(Draw& d, Script& s);
/// An end is gone without a word, and the other says nothing more.
void silent(Draw& d, Script& s);
/// The living end speaks first and learns of the crash by the RST.
void discovered(Draw& d, Script& s);
/// Somebody on the way sends a RST in the name of an end that goes on.
void cut(Draw& d, Script& s);

}  // namespace ajar::gen
