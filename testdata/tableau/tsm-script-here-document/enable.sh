ssh tableau1 <<EOF
tsm security external-ssl enable --cert-file ../../pki/server.crt --key-file ../../pki/other.key --chain-file ../../pki/issuing.crt
EOF
tsm pending-changes apply
