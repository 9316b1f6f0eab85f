package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"sync"
)

// provers is how many writers race to create one key in the bucket's proof.
const provers = 8

// Prove shows that b does conditional writes, by making some under proof/ and
// removing them again. A store that ignores or refuses conditions gets
// ErrUnsupported, saying which; on it two editors would overwrite each other
// in silence. Any other error says that the store could not be asked.
func Prove(ctx context.Context, b Bucket) error {
	p := proof{bucket: b, key: "proof/" + strings.ToLower(rand.Text()) + ".json"}
	err := p.run(ctx)
	for _, key := range []string{p.key, p.missing(), p.raced()} {
		err = errors.Join(err, b.Delete(context.WithoutCancel(ctx), key))
	}
	if err != nil {
		return fmt.Errorf("proving the store: %w", err)
	}
	return nil
}

type proof struct {
	bucket Bucket
	key    string
}

func (p proof) missing() string { return p.key + ".missing" }
func (p proof) raced() string   { return p.key + ".raced" }

func (p proof) put(ctx context.Context, key, body string, cond Condition) (Object, error) {
	return p.bucket.Put(ctx, key, bytes.NewReader([]byte(body)), int64(len(body)), cond)
}

func (p proof) run(ctx context.Context) error {
	first, err := p.put(ctx, p.key, `{"n":1}`, IfAbsent())
	if err != nil {
		return err
	}
	if err := p.refuses(ctx, p.key, IfAbsent(), "it replaced an object that was to be created only"); err != nil {
		return err
	}
	if err := p.refuses(ctx, p.key, IfMatch("0123456789abcdef0123456789abcdef"), "it replaced an object although If-Match named another one"); err != nil {
		return err
	}
	if _, err := p.put(ctx, p.key, `{"n":2}`, IfMatch(first.ETag)); err != nil {
		if errors.Is(err, ErrPreconditionFailed) {
			return fmt.Errorf("%w: it refused an If-Match with the ETag that it had given; see docs/storage.md", ErrUnsupported)
		}
		return err
	}
	if err := p.refuses(ctx, p.key, IfMatch(first.ETag), "it took an If-Match with an ETag from before"); err != nil {
		return err
	}
	if err := p.refuses(ctx, p.missing(), IfMatch(first.ETag), "it created an object although If-Match named one"); err != nil {
		return err
	}
	return p.race(ctx)
}

func (p proof) refuses(ctx context.Context, key string, cond Condition, otherwise string) error {
	_, err := p.put(ctx, key, `{"n":0}`, cond)
	if errors.Is(err, ErrPreconditionFailed) {
		return nil
	}
	if err == nil {
		return fmt.Errorf("%w: %s; see docs/storage.md for stores that can", ErrUnsupported, otherwise)
	}
	return err
}

// race lets several writers create one key at once.
func (p proof) race(ctx context.Context) error {
	errs := make([]error, provers)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = p.put(ctx, p.raced(), fmt.Sprintf(`{"n":%d}`, i), IfAbsent()) })
	}
	wg.Wait()
	winners := 0
	for _, err := range errs {
		switch {
		case err == nil:
			winners++
		case !errors.Is(err, ErrPreconditionFailed):
			return err
		}
	}
	if winners != 1 {
		return fmt.Errorf("%w: of %d writers that created one object at once, %d were told that they did; see docs/storage.md", ErrUnsupported, provers, winners)
	}
	return nil
}
