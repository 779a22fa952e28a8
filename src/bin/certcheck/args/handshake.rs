//! `handshake`.

use super::Preflight;
use clap::Args;

/// Show what each client and this server agree on: version, suite, group, certificate
#[derive(Args)]
#[command(after_help = "\
Examples:
  certcheck handshake --server nginx --config /etc/nginx/nginx.conf
  certcheck handshake --server apache --cert-file fullchain.pem --key-file key.pem \\
      --protocols 'all -SSLv3' --ciphers 'HIGH:!aNULL'
  certcheck handshake --server haproxy --cert-file site.pem --openssl-conf /etc/ssl/openssl.cnf

It takes the options of `preflight`. It judges neither paths nor names: a client that
agrees here may still refuse the certificate. It opens no connection: it uses recorded
ClientHellos of the clients, in the versions that it names.")]
pub(crate) struct Handshake {
    #[command(flatten)]
    pub(crate) preflight: Preflight,
}
