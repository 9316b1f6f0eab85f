package catalog

import "hash/maphash"

// etags are the ETags that the catalog knows, while they are compared with a listing of the store: as hashes, since of
// a million ETags those alone take a third of the room.
type etags[K ~string] struct {
	seed maphash.Seed
	of   map[K]uint64 // 0: not known
}

func newETags[K ~string]() *etags[K] {
	return &etags[K]{maphash.MakeSeed(), map[K]uint64{}}
}

func (e *etags[K]) add(id K, etag string) {
	e.of[id] = 0
	if etag != "" {
		e.of[id] = maphash.String(e.seed, etag)
	}
}

// differs reports whether what is listed is another record than the catalog has, and takes it from the rest.
func (e *etags[K]) differs(id K, etag string) bool {
	known := e.of[id]
	delete(e.of, id)
	return known == 0 || known != maphash.String(e.seed, etag)
}

// rest is what was not listed.
func (e *etags[K]) rest() []K {
	ids := make([]K, 0, len(e.of))
	for id := range e.of {
		ids = append(ids, id)
	}
	return ids
}
