#!/usr/bin/env bash
# usage: tools/try_wheel.sh WHEEL
# Installs one wheel alone into an empty virtual environment and runs `littoral demo` from a folder
# that has nothing to do with the repository: the command must exit 0, and the page, what it loads
# and the areas must be answered out of the wheel. Called by `make dist`. Takes two to four minutes,
# most of them the first compilation.
set -euo pipefail
wheel=$(realpath "${1:?usage: tools/try_wheel.sh WHEEL}")
python=${PY:-python3}
room=$(mktemp -d)
demo=
leave() {
    test -z "$demo" || kill "$demo" 2>/dev/null || true
    rm -rf "$room"
}
trap leave EXIT
fail() {
    echo "try_wheel: $1" >&2
    test ! -f "$room/out" || sed 's/^/    /' "$room/out" >&2
    exit 1
}

"$python" -m venv "$room/venv"
"$room/venv/bin/python" -m pip install --quiet --disable-pip-version-check "$wheel"
mkdir "$room/elsewhere"
cd "$room/elsewhere"
alone=(env -i HOME="$room" PATH=/usr/bin:/bin LANG=C.UTF-8)
where=$("${alone[@]}" "$room/venv/bin/python" -c 'import littoral; print(littoral.__file__)')
case $where in "$room"/venv/*) ;; *) fail "littoral is imported from $where" ;; esac

holds() { grep -- "$1" >/dev/null; } # reads to the end, so that the writer is not cut off
"${alone[@]}" "$room/venv/bin/littoral" areas --at 110.3,20.1 | holds '"on_land":false' || fail "the areas are not in the wheel"
"${alone[@]}" "$room/venv/bin/littoral" demo --minutes 0.3 --hours 0.5 --vessels 300 --port 0 \
    >"$room/out" 2>&1 &
demo=$!
address=
for _ in $(seq 120); do
    address=$(sed -n 's/^open \(http:[^ ]*\).*/\1/p' "$room/out")
    test -z "$address" || break
    kill -0 "$demo" 2>/dev/null || fail "the demo ended before it served the page"
    sleep 0.5
done
test -n "$address" || fail "the demo named no address within a minute"

# While kernels compile, the server answers late: hence the time allowed.
get() { curl -sS --fail --max-time 90 "$address/$1" || fail "$1 is not served"; }
page=$(get "")
script=$(sed -n 's/.*src="\/\(assets\/[^"]*\.js\)".*/\1/p' <<<"$page" | head -1)
test -n "$script" || fail "the page names no script: were the pages built before the wheel?"
test "$(get "$script" | wc -c)" -gt 100000 || fail "$script is no program"
get api/v1/map/region.geojson | holds '"coordinates"' || fail "no coast of the region"
get api/v1/map/world.geojson | holds '"coordinates"' || fail "no coast of the world"
get api/v1/areas | holds '"crossing"' || fail "no areas"

wait "$demo" && code=0 || code=$?
demo=
test "$code" = 0 || fail "littoral demo ended with $code"
grep -q 'planted events' "$room/out" || fail "the demo printed no summary"
echo "$(basename "$wheel") runs alone: $(grep -m1 ' lines, ' "$room/out")"
