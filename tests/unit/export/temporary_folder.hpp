// A folder of a test's own, gone with it, and what its files hold.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace ajar::exporting {

class TemporaryFolder : public testing::Test {
protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "ajar-export-XXXXXX").string();
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ / name; }
    [[nodiscard]] bool exists(const std::string& name) const {
        return std::filesystem::exists(folder_ / name);
    }
    [[nodiscard]] std::string content_of(const std::string& name) const {
        std::ifstream file(folder_ / name, std::ios::binary);
        std::ostringstream out;
        out << file.rdbuf();
        return out.str();
    }

    std::filesystem::path folder_;
};

}  // namespace ajar::exporting
