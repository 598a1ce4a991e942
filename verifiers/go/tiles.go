package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// Tiles are 256 hashes wide (C2SP tlog-tiles), which is a height of 8.
const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// tileFiles reads the tiles of one log from its folder, for tlog.TileHashReader.
type tileFiles struct {
	dir string
	// Files that the last call read.
	last []string
}

func newTileFiles(dir string) *tileFiles { return &tileFiles{dir: dir} }

func (f *tileFiles) Height() int { return tileHeight }

func (f *tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	f.last = f.last[:0]
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		read, path, err := readTile(f.dir, tile)
		if err != nil {
			return nil, err
		}
		f.last = append(f.last, path)
		data[i] = read
	}
	return data, nil
}

// SaveTiles is for readers that fetch from afar.
func (f *tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}

// blame names the files of which at least one is altered, where the reader only says that one is.
func (f *tileFiles) blame(err error) error {
	if len(f.last) == 0 || !strings.Contains(err.Error(), "inconsistent tile") {
		return err
	}
	return fmt.Errorf("%s: not the tile that the checkpoint's root stands for", strings.Join(f.last, " or "))
}

// resourcePath maps a tile to its path in C2SP tlog-tiles. That of x/mod begins with the height of tiles, and calls entries "data".
func resourcePath(level string, n int64, width int) string {
	rest := strings.TrimPrefix(tlog.Tile{H: tileHeight, L: 0, N: n, W: width}.Path(), "tile/8/0/")
	return "tile/" + level + "/" + rest
}

// readTile reads the hashes of a tile, no more and no fewer, and names its file.
func readTile(dir string, tile tlog.Tile) (hashes []byte, path string, err error) {
	level := fmt.Sprint(tile.L)
	path = resourcePath(level, tile.N, tile.W)
	hashes, more, err := readResource(dir, level, tile.N, tile.W)
	if err != nil {
		return nil, path, err
	}
	due := tile.W * tlog.HashSize
	if len(hashes) < due || (len(hashes) > due && !more) {
		return nil, path, fmt.Errorf("%s: %d bytes where %d are due", path, len(hashes), due)
	}
	return hashes[:due], path, nil
}

// readResource reads a tile or an entries bundle. Where a partial one is gone since the whole one is there, the start of that serves
// (tlog-tiles, "Partial Tiles"); it then has more items than were asked for.
func readResource(dir, level string, n int64, width int) (data []byte, more bool, err error) {
	path := resourcePath(level, n, width)
	data, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) && width < tileWidth {
		more = true
		data, err = os.ReadFile(filepath.Join(dir, filepath.FromSlash(resourcePath(level, n, tileWidth))))
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, fmt.Errorf("%s: missing", path)
	}
	if err != nil {
		return nil, false, environment{err}
	}
	return data, more, nil
}
