package safehttp

import "io"

// limitedBody gives at most left bytes, then ErrTooLarge. Unlike io.LimitReader
// it does not pass a cut body off as a whole one.
type limitedBody struct {
	io.ReadCloser
	left int64 // negative once the limit is passed
}

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1] // one more than allowed tells an end from a cut
	}
	n, err := b.ReadCloser.Read(p)
	if int64(n) <= b.left {
		b.left -= int64(n)
		return n, err
	}
	n, b.left = int(b.left), -1
	return n, ErrTooLarge
}
