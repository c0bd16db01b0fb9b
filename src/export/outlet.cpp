// Which outlet a target needs.
#include "export/outlet.hpp"

#include "export/file_outlet.hpp"
#include "export/socket_outlet.hpp"

namespace ajar::exporting {

Result<std::unique_ptr<Outlet>> open_outlet(const Target& target, Begin begin, Patience patience,
                                            Rotation rotation) {
    if (is_shareable(target)) return SocketOutlet::open(target, begin, std::move(patience));
    const bool standard = target.kind == Target::Kind::standard_output;
    return FileOutlet::open(standard ? "-" : target.path, begin, std::move(patience), std::move(rotation));
}

}  // namespace ajar::exporting
