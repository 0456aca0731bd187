#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# make cross: builds for another machine with Debian's cross compiler and that machine's libraries, warnings being errors, and runs the tests
# through an emulator: all but the longest suite of the units and the strings of `inject`, whole programs on s390x only, proofs with a stride.
# Ends with "N passed, N failed". Usage: tests/systems/cross.sh DIRECTORY_OF_ROOTS SUITE ARCHITECTURE TOOLS LIBRARIES SUITES: packages of Debian,
# suites of units.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/systems/root.sh
suite=$2 arch=$3 tools=$4 libraries=$5 suites=$6
# Whole programs take minutes in an emulator: they run on the machine whose bytes stand the other way round.
steps='unit corpora floats calendar zones generated'
case $arch in
arm64) machine=aarch64-linux-gnu emulator=qemu-aarch64-static ;;
armhf) machine=arm-linux-gnueabihf emulator=qemu-arm-static ;;
s390x) machine=s390x-linux-gnu emulator=qemu-s390x-static steps="$steps cli sandbox runs tls lookup threads" ;;
*) die "ARCH=$arch: expected arm64, armhf or s390x" ;;
esac
run=$(command -v "$emulator") || die "$emulator is missing: make deps-dev"
roots_in "$1"
there=$roots/$suite-$arch
trap 'rm -rf "$there.part" "$roots/$suite.part"' EXIT
trap 'exit 130' INT TERM

# of_arch PACKAGE...
of_arch() {
    for package in "$@"; do
        printf '%s:%s ' "$package" "$arch"
    done
}

if [ ! -d "$there" ]; then
    root_of "$suite"
    echo "Adding what builds for $arch ..."
    rm -rf "$there.part" && cp -a "$root" "$there.part" &&
        enter "$there.part" "export DEBIAN_FRONTEND=noninteractive
            dpkg --add-architecture $arch && apt-get update -qq &&
            apt-get install -qq -y --no-install-recommends gcc-$machine $tools python3 $(of_arch $libraries) >/dev/null" &&
        mv "$there.part" "$there" || die "Debian $suite for $arch could not be made."
fi
put_checkout "$there"
cp -L "$run" "$there/usr/local/bin/" || exit 2
enter "$there" "export PKG_CONFIG_LIBDIR=/usr/lib/$machine/pkgconfig:/usr/share/pkgconfig
    make -j$(getconf _NPROCESSORS_ONLN) test CC=$machine-gcc AR=$machine-ar RUN=$emulator CPPFLAGS=-DTDRT_EMULATED WERROR=1 BUDGET=360 STRIDE=65537 SUITES='$suites' \\
        STEPS='$steps'"
