package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// verifyLog checks a whole log: the checkpoint's signatures, then the tree that its entries make, against every tile and against the root.
func verifyLog(dir, logKey string, cosignerKeys []string) (string, error) {
	head, err := readCheckpoint(dir, logKey, cosignerKeys)
	if err != nil {
		return "", err
	}
	size := head.tree.N
	rebuilt := &rebuild{dir: dir}
	for first := int64(0); first < size; first += tileWidth {
		if err := addBundle(rebuilt, first, int(min64(tileWidth, size-first))); err != nil {
			return "", err
		}
	}
	if err := rebuilt.finish(); err != nil {
		return "", err
	}
	if size > 0 {
		root, err := tlog.TreeHash(size, tlog.HashReaderFunc(rebuilt.ReadHashes))
		if err != nil {
			return "", err
		}
		if root != head.tree.Hash {
			return "", fmt.Errorf("checkpoint: the tree of %d entries has root %v, and it says %v", size, root, head.tree.Hash)
		}
		// Once more by the stored tiles alone.
		files := newTileFiles(dir)
		if _, err := tlog.TreeHash(size, tlog.TileHashReader(head.tree, files)); err != nil {
			return "", files.blame(err)
		}
	}
	return fmt.Sprintf("%s, %d entries, %d tiles, root %v%s", head.origin, size, rebuilt.tiles, head.tree.Hash, cosigned(head)), nil
}

// addBundle hashes the entries of one bundle into the tree.
func addBundle(rebuilt *rebuild, first int64, width int) error {
	n := first / tileWidth
	path := resourcePath("entries", n, width)
	bundle, more, err := readResource(rebuilt.dir, "entries", n, width)
	if err != nil {
		return err
	}
	for i := 0; i < width; i++ {
		if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
			return fmt.Errorf("%s: it ends before entry %d", path, first+int64(i))
		}
		length := int(binary.BigEndian.Uint16(bundle))
		if err := rebuilt.add(0, tlog.RecordHash(bundle[2:2+length])); err != nil {
			return err
		}
		bundle = bundle[2+length:]
	}
	if len(bundle) > 0 && !more {
		return fmt.Errorf("%s: %d bytes too many", path, len(bundle))
	}
	return nil
}

// verifyConsistency checks that a log still has, unaltered and in the same order, all that an older checkpoint of it covered.
func verifyConsistency(dir, oldFile, logKey string, cosignerKeys []string) (string, error) {
	text, err := os.ReadFile(oldFile)
	if err != nil {
		return "", environment{err}
	}
	old, err := openCheckpoint(text, logKey, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %w", oldFile, err)
	}
	head, err := readCheckpoint(dir, logKey, cosignerKeys)
	if err != nil {
		return "", err
	}
	if old.tree.N > head.tree.N {
		return "", fmt.Errorf("the log has %d entries, and had %d", head.tree.N, old.tree.N)
	}
	if old.tree.N > 0 {
		files := newTileFiles(dir)
		proof, err := tlog.ProveTree(head.tree.N, old.tree.N, tlog.TileHashReader(head.tree, files))
		if err != nil {
			return "", files.blame(err)
		}
		if err := tlog.CheckTree(proof, head.tree.N, head.tree.Hash, old.tree.N, old.tree.Hash); err != nil {
			return "", fmt.Errorf("the log of %d entries is another one than that of %d: %w", head.tree.N, old.tree.N, err)
		}
	}
	return fmt.Sprintf("%s, %d entries, continues the log of %d%s", head.origin, head.tree.N, old.tree.N, cosigned(head)), nil
}

func readCheckpoint(dir, logKey string, cosignerKeys []string) (checkpoint, error) {
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return checkpoint{}, environment{fmt.Errorf("%s is no folder", dir)}
	}
	text, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if os.IsNotExist(err) {
		return checkpoint{}, fmt.Errorf("checkpoint: missing")
	}
	if err != nil {
		return checkpoint{}, environment{err}
	}
	return openCheckpoint(text, logKey, cosignerKeys)
}

func cosigned(head checkpoint) string {
	if len(head.cosignedBy) == 0 {
		return ""
	}
	return ", cosigned by " + strings.Join(head.cosignedBy, " and ")
}

func min64(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}
