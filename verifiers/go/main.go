// Weirverify checks what a Weir exchange published, with code that its authors did not write:
// the tree and the notes are those of golang.org/x/mod/sumdb, as the Go checksum database uses them.
// It reads files only, and needs no network and no key but the public ones that it is given.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
)

const usage = `usage:
  weirverify log DIR VKEY [COSIGNER-VKEY...]
      every entry and every tile of a log against its checkpoint
  weirverify proof FILE.tlog-proof VKEY HEX-LEAF-DATA [COSIGNER-VKEY...]
      one entry against the checkpoint in its proof
  weirverify consistency DIR OLD-CHECKPOINT VKEY [COSIGNER-VKEY...]
      that the log in DIR is the log of an older checkpoint, with entries added

VKEY is the log's public key, NAME+ID+KEY. Every cosigner that is named must have cosigned.
Exit code: 0 verified, 1 rejected, 2 the command or a file could not be read.
`

// environment is an error of the machine or of the command, as opposed to one of the log.
type environment struct{ error }

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, out, complaints io.Writer) int {
	verdict, err := dispatch(args)
	var elsewhere environment
	switch {
	case err == nil:
		fmt.Fprintf(out, "verified: %s\n", verdict)
		return 0
	case errors.As(err, &elsewhere):
		fmt.Fprintf(complaints, "weirverify: %v\n", elsewhere.error)
		return 2
	default:
		fmt.Fprintf(out, "REJECTED: %v\n", err)
		return 1
	}
}

func dispatch(args []string) (string, error) {
	switch {
	case len(args) >= 3 && args[0] == "log":
		return verifyLog(args[1], args[2], args[3:])
	case len(args) >= 4 && args[0] == "proof":
		return verifyProof(args[1], args[2], args[3], args[4:])
	case len(args) >= 4 && args[0] == "consistency":
		return verifyConsistency(args[1], args[2], args[3], args[4:])
	default:
		return "", environment{errors.New("what shall be verified?\n" + usage)}
	}
}
