//go:build !unix

package spool

// freeSpace is not known here.
func freeSpace(string) (int64, bool) { return 0, false }

func full(err error) error { return err }
