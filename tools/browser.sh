#!/bin/sh
# Chromium and fonts for the page's tests. Elsewhere than on Debian as root it only says what is missing.
# CHROMIUM names another browser than Debian's.
set -eu
need=""
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || need="$need chromium"
fc-list 2>/dev/null | grep -qi 'noto.*cjk' || need="$need fonts-noto-cjk fontconfig"
[ -z "$need" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $need >/dev/null
else
    echo "The page's tests need:$need. On Debian: sudo apt-get install$need" >&2
    exit 1
fi
