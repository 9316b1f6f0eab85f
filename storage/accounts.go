package storage

import (
	"context"
	"fmt"
	"iter"
	"strings"
)

const prefixAccounts = "accounts/"

// Accounts is the part of the store that knows who works here. It implements people.Documents.
type Accounts struct{ store *Store }

// Accounts is for package internal/people, which says what lies there.
func (s *Store) Accounts() Accounts { return Accounts{s} }

// check refuses keys of anything else.
func (Accounts) check(key string) error {
	if !strings.HasPrefix(key, prefixAccounts) {
		return fmt.Errorf("%w: %q is not under %s", ErrBadKey, key, prefixAccounts)
	}
	return nil
}

// Get reads a document. A missing one gets archive.ErrNotFound.
func (a Accounts) Get(ctx context.Context, key string) (data []byte, etag string, err error) {
	if err := a.check(key); err != nil {
		return nil, "", err
	}
	data, object, err := readAll(ctx, a.store.bucket, key, maxRecord)
	return data, object.ETag, err
}

// Put writes a document where the one that stands has the ETag, or, with an empty one, where none
// stands; otherwise it gets archive.ErrConflict.
func (a Accounts) Put(ctx context.Context, key string, data []byte, etag string) error {
	if err := a.check(key); err != nil {
		return err
	}
	if err := a.store.EnsureReady(ctx); err != nil {
		return err
	}
	_, err := a.store.putSetting(ctx, key, etag, data)
	return err
}

// Delete removes a document. One that is not there is no error.
func (a Accounts) Delete(ctx context.Context, key string) error {
	if err := a.check(key); err != nil {
		return err
	}
	return a.store.remove(ctx, key)
}

// List yields the keys with a prefix, in the order of their bytes. An error is yielded last.
func (a Accounts) List(ctx context.Context, prefix string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := a.check(prefix); err != nil {
			yield("", err)
			return
		}
		for object, err := range a.store.bucket.List(ctx, prefix, "") {
			if !yield(object.Key, domainError(err)) || err != nil {
				return
			}
		}
	}
}
