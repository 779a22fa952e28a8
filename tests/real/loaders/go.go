// Loads each file as crypto/tls.X509KeyPair does, whose loop this is: it gives
// out what it found only together with a matching key.
package main

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"
)

func main() {
	for _, path := range os.Args[1:] {
		data, _ := os.ReadFile(path)
		var seen []string
		taken := true
		for {
			var block *pem.Block
			block, data = pem.Decode(data)
			if block == nil {
				break
			}
			if block.Type != "CERTIFICATE" {
				continue
			}
			if len(seen) == 0 {
				_, err := x509.ParseCertificate(block.Bytes)
				taken = err == nil
			}
			seen = append(seen, fmt.Sprintf("%x", sha256.Sum256(block.Bytes)))
		}
		answer := "refused"
		if taken && len(seen) > 0 {
			answer = "taken"
		}
		fmt.Printf("%s\t%s\t%s\n", path, answer, strings.Join(seen, ","))
	}
}
