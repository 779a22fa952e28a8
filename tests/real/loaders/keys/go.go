// Loads each key as Go does: tls.LoadX509KeyPair. Arguments and output as in
// openssl.py; Go asks for no passphrase.
package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"strings"
)

func main() {
	files := os.Args[2:]
	for index := 0; index+1 < len(files); index += 2 {
		verdict, said := "taken", ""
		if _, err := tls.LoadX509KeyPair(files[index+1], files[index]); err != nil {
			verdict, said = "refused", strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Printf("%s\t%s\t%s\n", files[index], verdict, said)
	}
}
