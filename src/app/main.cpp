// Where the program begins, and the last place where it can fail in words.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <new>

#include "app/command.hpp"
#include "app/command_line.hpp"
#include "app/cpu_check.hpp"

int main(int argc, char** argv) try {
    if (const char* missing = ajar::app::missing_instructions()) {
        fmt::print(stderr,
                   "ajar: this CPU lacks {}, for which this build was made (" AJAR_CPU
                   "); build with -Dcpu=x86-64 -Daes=false\n",
                   missing);
        return ajar::kFailed;
    }
    return ajar::app::dispatch(argc, argv);
} catch (const std::bad_alloc&) {
    std::fputs("ajar: not enough memory; smaller [tables] need less\n", stderr);
    return ajar::kFailed;
} catch (const std::exception& error) {
    std::fprintf(stderr, "ajar: %s\n", error.what());  // unlike fmt::print() it throws nothing
    return ajar::kFailed;
}
