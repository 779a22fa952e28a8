// Makes the SLH-DSA and ML-KEM keys of this directory from fixed seeds, with the
// npm package @noble/post-quantum (0.7): run it where that is installed, with
// this directory as its argument. OpenSSL 3.0 has neither.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { slh_dsa_sha2_128s, slh_dsa_shake_192f } from '@noble/post-quantum/slh-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';

const tlv = (tag, ...parts) => {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)));
  const size = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const seed = length => Uint8Array.from({ length }, (_, at) => at * 7 + 3);
const nist = (...arcs) => tlv(0x30, tlv(6, [0x60, 0x86, 0x48, 1, 0x65, 3, 4, ...arcs]));
const pem = (label, der) => `-----BEGIN ${label}-----\n${der.toString('base64').replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;
const write = (name, algorithm, secret, key) => {
  const pkcs8 = tlv(0x30, [2, 1, 0], algorithm, tlv(4, secret));
  writeFileSync(join(process.argv[2], `${name}.pem`), pem('PRIVATE KEY', pkcs8));
  if (key) writeFileSync(join(process.argv[2], `${name}.pub`), pem('PUBLIC KEY', tlv(0x30, algorithm, tlv(3, [0], key))));
};
// RFC 9909: the private key as it is.
for (const [name, arc, kind, n] of [['slh-dsa-sha2-128s', 20, slh_dsa_sha2_128s, 16], ['slh-dsa-shake-192f', 29, slh_dsa_shake_192f, 24]]) {
  const { secretKey, publicKey } = kind.keygen(seed(3 * n));
  write(name, nist(3, arc), secretKey, publicKey);
}
// RFC 9935: expanded, both, and the seed alone.
const expanded = (kind) => kind.keygen(seed(64));
let key = expanded(ml_kem512);
write('ml-kem-512', nist(4, 1), tlv(4, key.secretKey), key.publicKey);
key = expanded(ml_kem768);
write('ml-kem-768', nist(4, 2), tlv(0x30, tlv(4, seed(64)), tlv(4, key.secretKey)), key.publicKey);
write('ml-kem-1024-seed', nist(4, 3), tlv(0x80, seed(64)));
