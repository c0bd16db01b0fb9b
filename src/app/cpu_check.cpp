// Can this CPU run what was compiled? The compiler's own macros say what that was.
#include "app/cpu_check.hpp"

namespace ajar::app {

const char* missing_instructions() {
    __builtin_cpu_init();
#ifdef __AVX512F__
    if (__builtin_cpu_supports("avx512f") == 0) return "AVX-512";
#endif
#ifdef __AVX2__
    if (__builtin_cpu_supports("avx2") == 0) return "AVX2";
#endif
#ifdef __BMI2__
    if (__builtin_cpu_supports("bmi2") == 0) return "BMI2";
#endif
#ifdef __AES__
    if (__builtin_cpu_supports("aes") == 0) return "AES";
#endif
    return nullptr;
}

}  // namespace ajar::app
