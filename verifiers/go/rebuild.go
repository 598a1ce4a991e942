package main

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// rebuild makes the tree of a log anew from its entries, and compares each tile with the stored one as it becomes whole.
// The reader of x/mod 0.7.0 is not enough for this: where several subtrees of the right edge share a tile, it passes over
// the first tiles below them without a look at their parents, so that entry and tile could be altered together.
type rebuild struct {
	dir string
	// Of each level, the hashes of the tile that is not whole yet, and its number.
	levels []struct {
		n      int64
		hashes []tlog.Hash
	}
	tiles int
}

// add takes the next hash of a level.
func (r *rebuild) add(level int, hash tlog.Hash) error {
	if level == len(r.levels) {
		r.levels = append(r.levels, struct {
			n      int64
			hashes []tlog.Hash
		}{})
	}
	at := &r.levels[level]
	at.hashes = append(at.hashes, hash)
	if len(at.hashes) < tileWidth {
		return nil
	}
	if err := r.compare(level); err != nil {
		return err
	}
	whole := subtree(at.hashes)
	at.n++
	at.hashes = at.hashes[:0]
	return r.add(level+1, whole)
}

// finish compares the partial tiles of the right edge.
func (r *rebuild) finish() error {
	for level := range r.levels {
		if len(r.levels[level].hashes) > 0 {
			if err := r.compare(level); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rebuild) compare(level int) error {
	at := r.levels[level]
	stored, path, err := readTile(r.dir, tlog.Tile{H: tileHeight, L: level, N: at.n, W: len(at.hashes)})
	if err != nil {
		return err
	}
	for i, hash := range at.hashes {
		if string(stored[i*tlog.HashSize:(i+1)*tlog.HashSize]) != string(hash[:]) {
			below := resourcePath("entries", at.n, len(at.hashes))
			if level > 0 {
				below = "the tiles below"
			}
			return fmt.Errorf("%s: hash %d is not that of %s", path, i, below)
		}
	}
	r.tiles++
	return nil
}

// ReadHashes gives the roots of the subtrees at the right edge, which is all that tlog.TreeHash asks for.
func (r *rebuild) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		at := r.levels[level/tileHeight]
		span := int64(1) << (level % tileHeight)
		from := n*span - at.n*tileWidth
		if from < 0 || from+span > int64(len(at.hashes)) {
			return nil, fmt.Errorf("subtree %d of level %d is not at the right edge", n, level)
		}
		found[i] = subtree(at.hashes[from : from+span])
	}
	return found, nil
}

// subtree is the root over a power of two of hashes (RFC 6962, section 2.1).
func subtree(hashes []tlog.Hash) tlog.Hash {
	if len(hashes) == 1 {
		return hashes[0]
	}
	half := len(hashes) / 2
	return tlog.NodeHash(subtree(hashes[:half]), subtree(hashes[half:]))
}
