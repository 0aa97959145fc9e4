#!/bin/sh
# PostgreSQL's server for the tests of the records, which start one of their own on a socket in a
# folder of their own. Elsewhere than on Debian as root it only says what is missing.
set -eu
for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$initdb" ] && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null
else
    echo "The tests of the records need PostgreSQL's server. On Debian: sudo apt-get install postgresql" >&2
    exit 1
fi
