package faults_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// disk is what a machine may find after a power loss: what was synced, and of the rest
// any part. Names follow the order of the journal; of what was written into files any
// pieces may be there and any missing.
type disk struct {
	names   map[string]*content // as the running system sees them
	safe    map[string]*content // as they are surely on the disk
	renamed []op                // what happened to names since the folder was synced
	made    map[int]*content    // by the ops of renamed
}

// content is that of a file, by whatever name.
type content struct {
	safe    []byte // as it was synced last
	pending []op   // written since
}

func newDisk() *disk {
	return &disk{names: map[string]*content{}, safe: map[string]*content{}, made: map[int]*content{}}
}

// do follows the record by one step.
func (d *disk) do(o op) {
	switch o.kind {
	case write, truncate:
		d.names[o.name].pending = append(d.names[o.name].pending, o)
	case synced:
		f := d.names[o.name]
		var later []op
		for _, p := range f.pending {
			if o.sees(p) {
				f.safe = p.apply(f.safe)
			} else {
				later = append(later, p)
			}
		}
		f.pending = later
	case create:
		d.made[len(d.renamed)] = &content{}
		fallthrough
	case rename, remove:
		d.name(d.names, len(d.renamed), o)
		d.renamed = append(d.renamed, o)
	case listed:
		for i, o := range d.renamed {
			d.name(d.safe, i, o)
		}
		d.renamed, d.made = nil, map[int]*content{}
	}
}

func (d *disk) name(names map[string]*content, i int, o op) {
	switch o.kind {
	case create:
		names[o.name] = d.made[i]
	case rename:
		names[o.to] = names[o.name]
		delete(names, o.name)
	case remove:
		delete(names, o.name)
	}
}

// apply writes a piece into a file.
func (o op) apply(to []byte) []byte {
	if o.kind == truncate {
		if o.at <= int64(len(to)) {
			return to[:o.at]
		}
		return append(to, make([]byte, o.at-int64(len(to)))...)
	}
	if end := o.at + int64(len(o.data)); end > int64(len(to)) {
		to = append(to, make([]byte, end-int64(len(to)))...)
	}
	copy(to[o.at:], o.data)
	return to
}

// cut writes into a folder what may be found after a power loss at this moment.
func (d *disk) cut(t *testing.T, r *rand.Rand, folder string) {
	t.Helper()
	names := map[string]*content{}
	for name, f := range d.safe {
		names[name] = f
	}
	for i := range r.IntN(len(d.renamed) + 1) {
		d.name(names, i, d.renamed[i])
	}
	for name, f := range names {
		if err := os.WriteFile(filepath.Join(folder, name), f.cut(r), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// cut is the synced content with some of what was written since.
func (f *content) cut(r *rand.Rand) []byte {
	out := slices.Clone(f.safe)
	pending := f.pending
	switch r.IntN(5) {
	case 0: // nothing more got there
		return out
	case 1: // all of it
	case 2: // it got there in order, as far as it did
		pending = pending[:r.IntN(len(pending)+1)]
	case 3:
		return scatter(out, pending, 4096, r)
	case 4:
		return scatter(out, pending, 512, r)
	}
	for _, o := range pending {
		out = o.apply(out)
	}
	return out
}

// scatter applies pending writes by blocks of the disk. Each block is on it as it was at
// some moment since the sync, another one for each block: older writes to a block are
// there where newer ones are.
func scatter(out []byte, pending []op, size int64, r *rand.Rand) []byte {
	blocks, longest := map[int64][]op{}, int64(len(out))
	for _, o := range pending {
		if o.kind == truncate {
			if r.IntN(2) == 0 {
				return o.apply(scatter(out, before(pending, o), size, r))
			}
			continue
		}
		for at := o.at; at < o.at+int64(len(o.data)); {
			end := min((at/size+1)*size, o.at+int64(len(o.data)))
			blocks[at/size] = append(blocks[at/size], op{at: at, data: o.data[at-o.at : end-o.at]})
			at = end
		}
		longest = max(longest, o.at+int64(len(o.data)))
	}
	share := r.Float64()
	for _, number := range sorted(blocks) {
		pieces := blocks[number]
		if r.Float64() < share {
			pieces = pieces[:r.IntN(len(pieces)+1)]
		}
		for _, piece := range pieces {
			out = piece.apply(out)
		}
	}
	if r.IntN(2) == 0 { // the new length is known, the content is not
		out = op{kind: truncate, at: longest}.apply(out)
	}
	return out
}

// before are the ops that came before one.
func before(all []op, o op) []op {
	for i := range all {
		if all[i].kind == truncate && all[i].at == o.at {
			return all[:i]
		}
	}
	return nil
}

// sorted are the numbers of blocks in an order that depends on nothing.
func sorted(blocks map[int64][]op) []int64 {
	var numbers []int64
	for n := range blocks {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return numbers
}
