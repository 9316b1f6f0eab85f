//go:build !unix

package spool

import "os"

// lock does nothing where the system has no flock: there the server's own locks are all there is.
func lock(*os.File) error { return nil }
