package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// verifyProof checks that the entry with this data is in the tree of the checkpoint that its proof carries (C2SP tlog-proof).
func verifyProof(file, logKey, leafHex string, cosignerKeys []string) (string, error) {
	leaf, err := hex.DecodeString(leafHex)
	if err != nil {
		return "", environment{fmt.Errorf("the leaf data %q is not hexadecimal", leafHex)}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", environment{err}
	}
	index, proof, signed, err := parseProof(string(text))
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	head, err := openCheckpoint([]byte(signed), logKey, cosignerKeys)
	if err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if index >= head.tree.N {
		return "", fmt.Errorf("%s: index %d is not in a log of %d entries", file, index, head.tree.N)
	}
	if err := tlog.CheckRecord(proof, head.tree.N, head.tree.Hash, index, tlog.RecordHash(leaf)); err != nil {
		return "", fmt.Errorf("%s: this is not entry %d of the log: %w", file, index, err)
	}
	return fmt.Sprintf("%s, entry %d of %d%s", head.origin, index, head.tree.N, cosigned(head)), nil
}

// parseProof reads index, inclusion proof and signed checkpoint. Extra data are passed over: nothing vouches for them.
func parseProof(text string) (int64, tlog.RecordProof, string, error) {
	front, signed, found := strings.Cut(text, "\n\n")
	lines := strings.Split(front, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, nil, "", errors.New("not a proof of c2sp.org/tlog-proof@v1")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return 0, nil, "", errors.New("it names no index")
	}
	digits := strings.TrimPrefix(lines[0], "index ")
	index, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || index < 0 || strconv.FormatInt(index, 10) != digits {
		return 0, nil, "", fmt.Errorf("%q is no index", digits)
	}
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, "", fmt.Errorf("%q is no hash", line)
		}
		proof = append(proof, hash)
	}
	return index, proof, signed, nil
}
