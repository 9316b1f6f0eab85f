package pace

import (
	"io"
	"sync"
)

// leaving is a body that gives its place back when it has been read or closed.
type leaving struct {
	io.ReadCloser
	leave func()
}

// leavingAtEnd calls leave once. A body that can be written too, of a connection
// that was taken over, stays what it is and gives its place back at once.
func leavingAtEnd(body io.ReadCloser, leave func()) io.ReadCloser {
	if _, takenOver := body.(io.Writer); takenOver {
		leave()
		return body
	}
	return &leaving{ReadCloser: body, leave: sync.OnceFunc(leave)}
}

func (l *leaving) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	if err != nil {
		l.leave()
	}
	return n, err
}

func (l *leaving) Close() error {
	defer l.leave()
	return l.ReadCloser.Close()
}
