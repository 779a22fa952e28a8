#!/bin/sh
# Holds the protocol evaluation against the real programs. Debian and Ubuntu:
#   apt-get install --no-install-recommends apache2 nginx haproxy postgresql python3
# Exit code 77: a program is missing; with CI=true that is a failure.
cd "$(dirname "$0")/.." || exit 1
cargo test --no-run --quiet --test differential_protocols || exit 1
# cargo folds the exit codes of tests into one; run the program itself.
program=$(cargo test --no-run --test differential_protocols --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*differential_protocols[^"]*\)".*/\1/p' | tail -1)
CERTCHECK_DIFFERENTIAL=1 exec "$program"
