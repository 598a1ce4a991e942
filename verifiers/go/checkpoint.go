package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// The checkpoint of a log (C2SP tlog-checkpoint), its signatures verified.
type checkpoint struct {
	origin     string
	tree       tlog.Tree
	cosignedBy []string
}

// Sizes above this are refused, so that no arithmetic of the tree overflows.
const maxSize = 1 << 48

// openCheckpoint demands a signature of the log under its origin, and one of every cosigner that is named.
// Whoever serves the log controls the text.
func openCheckpoint(text []byte, logKey string, cosignerKeys []string) (checkpoint, error) {
	ofLog, err := note.NewVerifier(logKey)
	if err != nil {
		return checkpoint{}, environment{fmt.Errorf("the key %q is none of a log: %w", logKey, err)}
	}
	known := []note.Verifier{ofLog}
	for _, key := range cosignerKeys {
		cosigner, err := newCosigner(key)
		if err != nil {
			return checkpoint{}, environment{fmt.Errorf("the key %q is none of a cosigner: %w", key, err)}
		}
		known = append(known, cosigner)
	}
	opened, err := note.Open(text, note.VerifierList(known...))
	if err != nil {
		return checkpoint{}, fmt.Errorf("checkpoint: %w", err)
	}
	for _, wanted := range known {
		if !signedBy(opened, wanted) {
			return checkpoint{}, fmt.Errorf("checkpoint: no signature of %s", wanted.Name())
		}
	}
	parsed, err := parseCheckpoint(opened.Text)
	if err != nil {
		return checkpoint{}, err
	}
	if parsed.origin != ofLog.Name() {
		return checkpoint{}, fmt.Errorf("checkpoint: it is of %s, and the key is of %s", parsed.origin, ofLog.Name())
	}
	for _, cosigner := range known[1:] {
		parsed.cosignedBy = append(parsed.cosignedBy, cosigner.Name())
	}
	return parsed, nil
}

func signedBy(opened *note.Note, wanted note.Verifier) bool {
	for _, one := range opened.Sigs {
		if one.Name == wanted.Name() && one.Hash == wanted.KeyHash() {
			return true
		}
	}
	return false
}

// parseCheckpoint reads origin, size and root. Lines after the third are extensions and mean nothing here.
func parseCheckpoint(text string) (checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return checkpoint{}, errors.New("checkpoint: not three lines of origin, size and root")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 || size > maxSize || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("checkpoint: %q is no size", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return checkpoint{}, fmt.Errorf("checkpoint: %q is no root", lines[2])
	}
	// RFC 6962, section 2.1: the hash of an empty tree is that of nothing, where x/mod has zeros.
	if size == 0 && root != tlog.Hash(sha256.Sum256(nil)) {
		return checkpoint{}, errors.New("checkpoint: the root is not that of an empty log")
	}
	return checkpoint{origin: lines[0], tree: tlog.Tree{N: size, Hash: root}}, nil
}

// A cosigner verifies cosignature/v1 (C2SP tlog-cosignature, Ed25519, signature type 0x04), which x/mod does not know.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not NAME+ID+KEY")
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil || len(parts[1]) != 8 {
		return nil, errors.New("the ID is not eight hexadecimal digits")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 0x04 {
		return nil, errors.New("not an Ed25519 key of type 0x04")
	}
	hash := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if uint32(id) != binary.BigEndian.Uint32(hash[:4]) {
		return nil, errors.New("the ID is not that of name and key")
	}
	return &cosigner{name: parts[0], id: uint32(id), key: ed25519.PublicKey(key[1:])}, nil
}

func (c *cosigner) Name() string    { return c.name }
func (c *cosigner) KeyHash() uint32 { return c.id }

// Verify takes a timestamp of eight bytes, then the signature, over a header, the time and the whole text of the checkpoint.
func (c *cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	if at > math.MaxInt64 {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}
