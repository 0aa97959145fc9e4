#!/bin/sh
# What the fuzz bench needs and nothing else does: atheris (Python with libFuzzer) and schemathesis.
# They go into a folder of their own, which only that bench puts on its path: in the environment,
# schemathesis would be loaded by every run of pytest. What they share with the environment
# (hypothesis, jsonschema, httpx) they take from there. Usage: tools/fuzzers.sh PYTHON FOLDER
set -eu
rm -rf "$2"
"$1" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --target "$2" -r "$(dirname "$0")/fuzzers.txt"
