package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"videoteca/internal/spool"
)

const (
	// bodyPatience is how long a body may stand still before the connection counts as dead.
	bodyPatience = time.Minute
	// turnPatience is how long a request waits for one before it, on the same upload, to let go.
	turnPatience = 20 * time.Second
	// stopGrace is how long a request goes on that was asked to stop: of a connection that is dead, what had
	// arrived before is still read, and one that lives is cut off.
	stopGrace = 500 * time.Millisecond
)

// errTakenOver says that a newer request works on the upload now.
var errTakenOver = errors.New("a newer request took over")

// turns let one request at a time work on an upload. The newest goes first: a client that lost
// its connection is back before the server notices that the old one is dead.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn // by upload
}

type turn struct {
	stop func() // asks its holder to let go
	over chan struct{}
}

func newTurns() *turns { return &turns{held: map[string]*turn{}} }

// take asks whoever works on the upload to stop, and waits for that. Stop may be called at any
// time until release, and while that is under way.
func (t *turns) take(ctx context.Context, id string, stop func()) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, turnPatience)
	defer cancel()
	mine := &turn{stop, make(chan struct{})}
	for {
		before := t.enter(id, mine)
		if before == nil {
			return func() { t.leave(id, mine) }, nil
		}
		before.stop()
		select {
		case <-before.over:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for upload %s: %w: %w", id, spool.ErrBusy, ctx.Err())
		}
	}
}

// enter makes the turn the upload's, or returns whose it is.
func (t *turns) enter(id string, mine *turn) (before *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if before = t.held[id]; before == nil {
		t.held[id] = mine
	}
	return before
}

func (t *turns) leave(id string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.held, id)
	close(mine.over)
}

// pieceBody is a request's body that may take as long as it needs while it moves, and that another
// request can cut off.
type pieceBody struct {
	body       io.Reader
	connection *http.ResponseController

	mu      sync.Mutex
	stopped bool // somebody took over
	ended   bool // the connection is no longer ours
}

func newPieceBody(c *gin.Context) *pieceBody {
	return &pieceBody{body: c.Request.Body, connection: http.NewResponseController(c.Writer)}
}

// Read implements io.Reader.
func (b *pieceBody) Read(p []byte) (int, error) {
	b.extend()
	n, err := b.body.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && b.takenOver() {
		err = fmt.Errorf("%w: %w", errTakenOver, err)
	}
	return n, err
}

func (b *pieceBody) takenOver() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stopped
}

// extend gives the next bytes and the answer their time, unless somebody took over.
func (b *pieceBody) extend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return
	}
	until := time.Now().Add(bodyPatience)
	_ = b.connection.SetReadDeadline(until) // where there are no deadlines, as in tests, there is nothing to extend
	_ = b.connection.SetWriteDeadline(until.Add(writeTime))
}

// stop cuts the body off soon, also while it is being read.
func (b *pieceBody) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ended || b.stopped {
		return
	}
	b.stopped = true
	_ = b.connection.SetReadDeadline(time.Now().Add(stopGrace)) // as above: then it is read to its end
}

// end comes before the handler's: afterwards Gin gives the writer, and the server the connection, to others.
func (b *pieceBody) end() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = true
}
