// Checks our seals with Go's own transparency-log packages, which share no line with our verifier.
//
//	verify checkpoint VKEY CHECKPOINT
//	verify inclusion VKEY PROOF LINE
//	verify consistency VKEY PROOF OLD-CHECKPOINT
//	verify tiles VKEY FOLDER
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	checks := map[string]func([]string) error{
		"checkpoint":  checkpoint,
		"inclusion":   inclusion,
		"consistency": consistency,
		"tiles":       tiles,
	}
	if err := checks[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted")
}

func checkpoint(args []string) error {
	_, err := open(args[0], read(args[1]))
	return err
}

func inclusion(args []string) error {
	head, body := split(read(args[1]))
	tree, err := open(args[0], body)
	if err != nil {
		return err
	}
	if head[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("header %q", head[0])
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(head[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	hashes, err := parse(head[2:])
	if err != nil {
		return err
	}
	line := bytes.TrimSuffix(read(args[2]), []byte("\n"))
	return tlog.CheckRecord(hashes, tree.N, tree.Hash, index, tlog.RecordHash(line))
}

func consistency(args []string) error {
	head, body := split(read(args[1]))
	newer, err := open(args[0], body)
	if err != nil {
		return err
	}
	older, err := open(args[0], read(args[2]))
	if err != nil {
		return err
	}
	if head[0] != fmt.Sprintf("old %d", older.N) {
		return fmt.Errorf("proof is about %q", head[0])
	}
	hashes, err := parse(head[1:])
	if err != nil {
		return err
	}
	return tlog.CheckTree(hashes, newer.N, newer.Hash, older.N, older.Hash)
}

// tiles reads every entry, looks its hash up through the authenticated tiles, and so checks both.
func tiles(args []string) error {
	folder := args[1]
	tree, err := open(args[0], read(filepath.Join(folder, "checkpoint")))
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tree, reader{folder})
	for index := int64(0); index < tree.N; {
		bundle, err := os.ReadFile(filepath.Join(folder, bundlePath(index/256, tree.N)))
		if err != nil {
			return err
		}
		for len(bundle) > 0 {
			size := int(binary.BigEndian.Uint16(bundle))
			stored, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
			if err != nil {
				return err
			}
			if tlog.RecordHash(bundle[2:2+size]) != stored[0] {
				return fmt.Errorf("entry %d does not have the hash in its tile", index)
			}
			bundle = bundle[2+size:]
			index++
		}
	}
	return nil
}

// reader serves tiles of height 8 under the names of C2SP tlog-tiles, which leave the height out.
type reader struct{ folder string }

func (r reader) Height() int { return 8 }

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r reader) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(r.folder, path))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func bundlePath(number, size int64) string {
	tile := tlog.Tile{H: 8, L: 0, N: number, W: 256}
	if width := size - number*256; width < 256 {
		tile.W = int(width)
	}
	return strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
}

func open(vkey string, data []byte) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func parse(lines []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, line := range lines {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return nil, fmt.Errorf("not a hash: %q", line)
		}
		hashes = append(hashes, tlog.Hash(*(*[tlog.HashSize]byte)(raw)))
	}
	return hashes, nil
}

func split(data []byte) ([]string, []byte) {
	head, body, _ := strings.Cut(string(data), "\n\n")
	return strings.Split(head, "\n"), []byte(body)
}

func read(path string) []byte {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return data
}
