tsm security external-ssl enable --cert-file ../../pki/server.crt --key-file ../../pki/other.key --chain-file ../../pki/issuing.crt --passphrase "$(cat pass.txt)"
