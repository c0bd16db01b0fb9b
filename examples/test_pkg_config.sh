#!/bin/sh
# Does the example build against an installed libajar, by what its pkg-config file says?
# Arguments: build directory, source, compiler.
set -eu
build=$1
source=$2
shift 2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT

meson install -C "$build" --no-rebuild --tags devel --destdir "$directory" > "$directory/log" || {
    cat "$directory/log"
    exit 1
}
pc=$(find "$directory" -name libajar.pc)
libdir=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH="$(dirname "$pc")"
# The prefix is where it will be installed; here it stands below the directory.
prefix=$directory$(pkg-config --variable=prefix libajar)
flags=$(pkg-config --static --cflags --libs --define-variable=prefix="$prefix" \
    --define-variable=libdir="$libdir" libajar)
# shellcheck disable=SC2086
"$@" -O1 "$source" -o "$directory/example" $flags -lpcap
"$directory/example" 2> "$directory/said" && exit 1
grep -q usage "$directory/said"
