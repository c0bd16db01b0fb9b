# Shared by the scripts: where we are, how packages are installed, how progress is told. Source it, don't run it.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

# Debian packages by what they are for.
packages_build="g++ meson ninja-build pkg-config ccache libdpdk-dev dpdk libtbb-dev libtomlplusplus-dev libcli11-dev libfmt-dev nlohmann-json3-dev libpcap-dev libsystemd-dev libcap-dev libseccomp-dev libfixbuf-dev libhiredis-dev libcpp-httplib-dev prometheus-cpp-dev"
packages_test="$packages_build libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev python3 iproute2 ethtool nftables iperf3 curl hping3 netcat-openbsd tcpdump procps logrotate nfdump dpdk-dev prometheus redis-server dpkg-dev adduser"
packages_package="dpkg-dev"
packages_browser="chromium chromium-driver"
packages_check="clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev llvm-14"

# install PACKAGE...: installs those that are missing, as root or through sudo.
install() {
    local missing=() p
    for p in "$@"; do
        dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local sudo=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || die "packages are missing (${missing[*]}); run this as root, or install sudo"
        sudo=sudo
    fi
    say "installing ${#missing[@]} Debian packages: ${missing[*]}"
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# setup DIR [MESON OPTION...]: a build folder, configured once; a changed set of options configures it anew.
setup() {
    local dir=$1 log; shift
    if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/.options" 2>/dev/null)" = "$*" ]; then return 0; fi
    rm -rf "$dir"
    log=$(mktemp)
    meson setup "$dir" "$@" >"$log" 2>&1 || { cat "$log"; rm -f "$log"; die "meson setup $dir failed"; }
    rm -f "$log"
    printf '%s' "$*" >"$dir/.options"
}
