// Captures for the device tests: generated, written to a directory of this process, removed at its end.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "generate/gen.hpp"

namespace ajar::test {

class CaptureFiles {
public:
    CaptureFiles()
        : directory_(std::filesystem::temp_directory_path() / ("ajar_devices_" + std::to_string(getpid()))) {
        std::filesystem::create_directories(directory_);
    }
    ~CaptureFiles() { std::filesystem::remove_all(directory_); }
    CaptureFiles(const CaptureFiles&) = delete;
    CaptureFiles& operator=(const CaptureFiles&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return directory_ / name; }

    /// The same conversations three times over: both sides in whole.pcap, one each in split.a.pcap,
    /// split.b.pcap.
    void generate(GenOptions options) const {
        options.output = path("whole.pcap");
        EXPECT_EQ(ajar::generate(options), 0);
        options.output = path("split.pcap");
        options.split = true;
        EXPECT_EQ(ajar::generate(options), 0);
    }

private:
    std::filesystem::path directory_;
};

}  // namespace ajar::test
