package catalog

import (
	"sync"

	"videoteca/archive"
)

// mostDecoded is how many records are kept decoded: some pages of a library, a few megabytes.
const mostDecoded = 1000

// decoded remembers what records say, by their very bytes: to decode those of a page takes several times as
// long as to read them from the file. Half of what is kept goes when it is full, that which was not asked for
// lately. The zero value is empty; it is safe for concurrent use.
type decoded struct {
	mu         sync.Mutex
	young, old map[string]archive.Video
}

// video is what a record says. It is shared: whoever alters its parts copies them first.
func (d *decoded) video(record []byte) (archive.Video, error) {
	if v, known := d.known(record); known {
		return v, nil
	}
	v, err := decode(record)
	if err == nil {
		d.keep(string(record), v)
	}
	return v, err
}

func (d *decoded) known(record []byte) (archive.Video, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if v, known := d.young[string(record)]; known {
		return v, true
	}
	v, known := d.old[string(record)]
	if known {
		d.add(string(record), v)
	}
	return v, known
}

func (d *decoded) keep(record string, v archive.Video) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(record, v)
}

func (d *decoded) add(record string, v archive.Video) {
	if d.young == nil || len(d.young) >= mostDecoded/2 {
		d.young, d.old = make(map[string]archive.Video, mostDecoded/2), d.young
	}
	d.young[record] = v
}
