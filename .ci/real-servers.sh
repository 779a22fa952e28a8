#!/usr/bin/env bash
# The real servers on loopback against the predictions: tests/real/servers_real.rs,
# with what it needs installed. Some three minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
exec < /dev/null
export PATH=$PATH:/usr/sbin CI=true
state=${CERTCHECK_SERVERS:-target/real-servers} # TabPy lives here between runs

packages=()
command -v apache2 > /dev/null || packages+=(apache2)
command -v nginx > /dev/null || packages+=(nginx)
command -v haproxy > /dev/null || packages+=(haproxy)
[ -d /usr/lib/postgresql ] || packages+=(postgresql)
[ -e /usr/lib/R/site-library/Rserve/libs/Rserve ] || packages+=(r-cran-rserve r-base-core)
python3 -m venv --help > /dev/null 2>&1 || packages+=(python3-venv)
if [ ${#packages[@]} -gt 0 ]; then
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d own=''
  [ -e "$policy" ] || { own=yes; printf '#!/bin/sh\nexit 101\n' > "$policy"; chmod 755 "$policy"; }
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
  [ -z "$own" ] || rm -f "$policy"
fi

# TabPy without pandas and pyarrow (640 MB that HTTPS does not need): two stubs
# stand in for them.
mkdir -p "$state"
state=$(cd "$state" && pwd)
if [ ! -x "$state/tabpy/bin/tabpy" ]; then
  python3 -m venv "$state/tabpy"
  "$state/tabpy/bin/pip" install -q --no-deps tabpy==2.16.0 tornado pyopenssl cryptography cffi pycparser \
    typing_extensions docopt pyjwt simplejson cloudpickle requests urllib3 idna certifi charset_normalizer
fi
mkdir -p "$state/stubs/pyarrow" "$state/stubs/pandas"
: > "$state/stubs/pandas/__init__.py"
: > "$state/stubs/pyarrow/__init__.py"
cat > "$state/stubs/pyarrow/flight.py" <<'PY'
class _Stub:
    def __init__(self, *arguments, **named):
        pass


def __getattr__(name):
    return type(name, (_Stub,), {})
PY

TABPY=$state/tabpy/bin/tabpy PYTHONPATH=$state/stubs cargo test --test real servers_real:: -- --nocapture
