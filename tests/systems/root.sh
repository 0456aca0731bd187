# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: the tdrest authors
# To be read by other scripts: a Debian of its own in a directory, made from the packages that this machine's apt reaches, to run commands in.
# Needs root. What is mounted is mounted in a namespace of the command's own, so nothing can be left behind; neither can processes.

# Packages of a machine on which the README's commands are typed.
FRESH=git,make,gcc,ca-certificates,procps

die() {
    echo "$*" >&2
    exit 2
}

# roots_in DIRECTORY: where roots are kept; sets roots. Another run there is waited for.
roots_in() {
    [ "$(id -u)" -eq 0 ] || die "This needs root: it makes a Debian in a directory and changes into it."
    command -v mmdebstrap >/dev/null || command -v debootstrap >/dev/null || die 'Neither mmdebstrap nor debootstrap is there: make deps-dev'
    unshare --mount --pid --fork true || die 'unshare: no namespace can be had here, so nothing is mounted.'
    mkdir -p "$1" && roots=$(cd "$1" && pwd) || exit 2
    exec 9>"$roots/lock" && flock 9
}

# How apt reaches its packages: proxies, retries, dates that are not looked at.
apt_options() {
    apt-config dump | grep -E '^Acquire::(https?(::.*)?|Retries|Check-Date|Check-Valid-Until|ForceIPv[46]) "[^"]+";$'
}

# MIRROR, or the first of this machine's sources that has Debian's packages; without any the tool's own choice.
apt_mirror() {
    if [ -n "${MIRROR:-}" ]; then
        echo "$MIRROR"
    else
        apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
            awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ {print $4; exit}'
    fi
}

# make_debian SUITE DIRECTORY
make_debian() {
    { echo 'Acquire::Retries "5";' && apt_options; } >"$roots/apt.conf"
    mirror=$(apt_mirror)
    if command -v mmdebstrap >/dev/null; then
        mmdebstrap --quiet --variant=apt --include="$FRESH" --aptopt="$roots/apt.conf" "$1" "$2" ${mirror:+"deb $mirror $1 main"}
    else
        debootstrap --variant=minbase --include="$FRESH" "$1" "$2" $mirror && cp "$roots/apt.conf" "$2/etc/apt/apt.conf.d/99host"
    fi || return 1
    # Logins and authorities that the sources ask for.
    cp -RL /etc/apt/auth.conf* "$2/etc/apt/" 2>/dev/null
    [ ! -s /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$2/etc/ssl/certs/"
}

# root_of SUITE: makes it unless it is there from before; sets root.
root_of() {
    root=$roots/$1
    [ ! -d "$root" ] || return 0
    echo "Making Debian $1 ..."
    for pause in 5 20 60 0; do
        rm -rf "$root.part"
        make_debian "$1" "$root.part" && mv "$root.part" "$root" && return
        sleep "$pause"
    done
    die "Debian $1 could not be made."
}

# put_checkout ROOT: what is committed, as /tdrest.
put_checkout() {
    rm -rf "$1/tdrest" && mkdir "$1/tdrest" && git -c safe.directory='*' archive HEAD | tar -x -C "$1/tdrest" && [ -f "$1/tdrest/Makefile" ] ||
        die 'There is no commit to be taken from a git repository.'
}

# enter ROOT COMMAND: runs the shell command in /tdrest (or /) of that Debian, with an environment of its own.
enter() {
    cp -L /etc/resolv.conf /etc/hosts "$1/etc/" 2>/dev/null
    # Proxies are words without blanks.
    env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI=true \
        $(env | grep -iE '^(https?|no)_proxy=[^ ]*$') \
        unshare --mount --pid --fork --kill-child sh -c '
            mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
                exec chroot "$1" sh -c "cd /tdrest 2>/dev/null || cd /; $2"' sh "$1" "$2" </dev/null 9>&-
}
