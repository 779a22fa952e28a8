cd /etc/ssl/tableau
tsm security external-ssl enable --cert-file server.crt --key-file other.key --chain-file issuing.crt
