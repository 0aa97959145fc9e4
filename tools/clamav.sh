#!/bin/sh
# ClamAV's clamd for the tests of the virus scanner, which start one of their own with a signature
# of their own; no database is downloaded. Elsewhere than on Debian as root it only says what is
# missing.
set -eu
[ -x "$(command -v clamd || echo /usr/sbin/clamd)" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends clamav-daemon >/dev/null
else
    echo "The tests of the virus scanner need ClamAV's clamd. On Debian: sudo apt-get install clamav-daemon" >&2
    exit 1
fi
