tsm configuration set -k gateway.tsig.ssl.enabled -v true --force-keys
tsm configuration set -k gateway.tsig.ssl.key.file_name -v ../../pki/other.key --force-keys
tsm configuration set -k gateway.tsig.ssl.cert.file_name -v ../../pki/fullchain.crt --force-keys
tsm configuration set -k gateway.tsig.ssl.proxy.cacertificatefile -v ../../pki/root.crt --force-keys
tsm pending-changes apply
