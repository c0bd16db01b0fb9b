// Lines to a file, a named pipe or standard output.
#pragma once

#include "export/outlet.hpp"

namespace ajar::exporting {

class FileOutlet final : public Outlet {
public:
    /// "-" is standard output, which is never closed.
    static Result<std::unique_ptr<Outlet>> open(const std::string& path, Begin begin, Patience patience,
                                                Rotation rotation);
    ~FileOutlet() override;

    /// A full pipe has taken whole lines only, a full disk perhaps the beginning of one, which the next write
    /// ends.
    int write(std::string_view& rest) override;
    Result<bool> reopen() override;
    [[nodiscard]] const std::string& name() const override { return path_; }

private:
    FileOutlet(std::string path, Patience patience, Rotation rotation)
        : path_(std::move(path)), wait_(std::move(patience)), rotation_(std::move(rotation)) {}
    int take(Begin begin);
    void close();
    int await_reader();
    int write_piece(std::string_view& rest);
    int end_cut_line();
    int write_share(std::string_view& rest);
    [[nodiscard]] bool rotates() const;
    [[nodiscard]] std::string_view share_of(std::string_view lines) const;
    void turn_of_period();
    void rotate();

    std::string path_;
    Wait wait_;
    Rotation rotation_;
    int fd_ = -1;           // -1: a pipe that nobody reads
    bool can_fill_ = true;  // unlike a regular file
    bool cut_ = false;      // a full disk took the beginning of a line: the next one is not glued to it
    bool cannot_rotate_ = false;
    std::uint64_t size_ = 0;   // of a regular file
    std::int64_t period_ = 0;  // when its lines were written
};

}  // namespace ajar::exporting
