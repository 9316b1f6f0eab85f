package storage

import (
	"context"
	"net/http"
)

// once makes a call of the client one attempt and no more. After a broken
// connection the client waits up to 200 ms before it notices that it was its
// last try; by then sixteen others may have written, and a lost reply could no longer be settled.
// So the transport ends the call itself, and its error is the call's.
type once struct {
	cancel context.CancelFunc
	err    error // of the transport
}

type onceKey struct{}

// attempt returns the context for one call of the client.
func attempt(ctx context.Context) (context.Context, *once) {
	ctx, cancel := context.WithCancel(ctx)
	o := &once{cancel: cancel}
	return context.WithValue(ctx, onceKey{}, o), o
}

// result is the error of the call: the transport's, where the client saw only its own context end.
func (o *once) result(err error) error {
	if err != nil && o.err != nil {
		return o.err
	}
	return err
}

// onceTransport ends the call whose connection breaks.
type onceTransport struct{ next http.RoundTripper }

func (t onceTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := t.next.RoundTrip(r)
	if o, ok := r.Context().Value(onceKey{}).(*once); ok && err != nil {
		o.err = err
		o.cancel()
	}
	return response, err
}
