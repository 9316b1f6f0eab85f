package catalog

import (
	"sync"

	"videoteca/archive"
)

const (
	// mostDecoded is how many records are kept decoded: some pages of a library, a few megabytes.
	mostDecoded = 1000
	// largestDecoded is the size in bytes of the largest record that is kept decoded. A usual one has a few thousand;
	// the store allows 16 MiB.
	largestDecoded = 64 << 10
)

// decoded remembers what records say, by their very bytes: to decode those of a page takes several times as
// long as to read them from the file, and bytes of a database make no key of an lru without a copy. What is kept is told
// of the same bytes alone, so it is never stale. Half of it goes when it is full, that which was not asked for lately,
// and all of it at the first question of a later version: what was erased stays in memory until a page is listed
// after that has become known here, and is shown to nobody. The zero value is empty; it is safe for concurrent use.
type decoded struct {
	mu         sync.Mutex
	version    uint64
	young, old map[string]archive.Video
}

// video is what a record says. It is shared: whoever alters its parts copies them first.
func (d *decoded) video(version uint64, record []byte) (archive.Video, error) {
	if v, known := d.known(version, record); known {
		return v, nil
	}
	v, err := decode(record)
	if err == nil && len(record) <= largestDecoded {
		d.keep(version, string(record), v)
	}
	return v, err
}

func (d *decoded) known(version uint64, record []byte) (archive.Video, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if version > d.version {
		d.version, d.young, d.old = version, nil, nil
	}
	if v, known := d.young[string(record)]; known {
		return v, true
	}
	v, known := d.old[string(record)]
	if known {
		d.add(string(record), v)
	}
	return v, known
}

func (d *decoded) keep(version uint64, record string, v archive.Video) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if version == d.version { // else it was read before a change
		d.add(record, v)
	}
}

func (d *decoded) add(record string, v archive.Video) {
	if d.young == nil || len(d.young) >= mostDecoded/2 {
		d.young, d.old = make(map[string]archive.Video, mostDecoded/2), d.young
	}
	d.young[record] = v
}
