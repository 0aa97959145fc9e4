#!/bin/sh
# The decoders that the decode bench shows beside ours and that no lock file should ask of everybody:
# libais is built from its C++ source (two minutes), gpsdecode is a Debian package. What does not
# install is said here and in the bench's table; nothing depends on it. Usage: tools/peers.sh PYTHON
set -u
"$1" -c "import ais" 2>/dev/null ||
    "$1" -m pip install --quiet --disable-pip-version-check libais ||
    echo "libais does not build here; the decode bench goes without it." >&2
if ! command -v gpsdecode >/dev/null; then
    { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null &&
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends gpsd-clients >/dev/null; } ||
        echo "gpsdecode is not here (Debian: gpsd-clients); the decode bench goes without it." >&2
fi
exit 0
