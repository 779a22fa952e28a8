#!/bin/sh
# Holds path validation against OpenSSL, GnuTLS and Go. Debian and Ubuntu:
#   apt-get install --no-install-recommends openssl gnutls-bin golang
# Exit code 77: a program is missing; with CI=true that is a failure.
cd "$(dirname "$0")/.." || exit 1
cargo test --no-run --quiet --test differential_chains || exit 1
# cargo folds the exit codes of tests into one; run the program itself.
program=$(cargo test --no-run --test differential_chains --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*differential_chains[^"]*\)".*/\1/p' | tail -1)
CERTCHECK_DIFFERENTIAL=1 exec "$program"
