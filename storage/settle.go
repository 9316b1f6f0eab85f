package storage

import (
	"fmt"
	"slices"
)

// keptWrites is how many ids of its newest writes a record carries.
const keptWrites = 16

// Written is what a record says of its own writes.
type Written struct {
	Revision int64
	Writes   []string // ids of the newest writes, oldest first, at most 16
}

// Next is what the record says after one more write.
func (w Written) Next(write string) Written {
	writes := append(slices.Clone(w.Writes), write)
	if extra := len(writes) - keptWrites; extra > 0 {
		writes = writes[extra:]
	}
	return Written{Revision: w.Revision + 1, Writes: writes}
}

// Settle finds out whether a conditional write happened whose reply was lost, or which was
// refused: read the record again and compare. Our id among its writes: it
// happened. Absent, with the revision at most 16 past the one the write was to reach:
// it did not. Further on, its id may have been pushed out, and the error is ErrOutcomeUnknown.
func Settle(found Written, write string, revision int64) (happened bool, err error) {
	if slices.Contains(found.Writes, write) {
		return true, nil
	}
	if found.Revision >= revision+keptWrites {
		return false, fmt.Errorf("%w: the record is at revision %d, and the write was to reach %d", ErrOutcomeUnknown, found.Revision, revision)
	}
	return false, nil
}
