// What the exit code of every command says.
#pragma once

namespace ajar {

inline constexpr int kGood = 0;
inline constexpr int kFailed = 1;  ///< devices, files, or sums that do not hold
inline constexpr int kUsage = 2;   ///< wrong options or configuration

}  // namespace ajar
