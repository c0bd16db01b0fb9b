// Can this CPU run what was compiled?
#pragma once

namespace ajar::app {

/// The name of an instruction set that the build uses and the CPU lacks; null if there is none.
const char* missing_instructions();

}  // namespace ajar::app
