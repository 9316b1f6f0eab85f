package storage_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"videoteca/archive"
	"videoteca/internal/people"
	"videoteca/storage"
)

var _ people.Documents = storage.Accounts{}

func TestPeopleAreKeptInTheBucket(t *testing.T) {
	s := newStage(t)
	cost := people.Cost{Memory: 64, Passes: 1, Lanes: 1}
	here, there := people.New(s.Accounts(), people.Options{Cost: cost}), people.New(s.Accounts(), people.Options{Cost: cost})
	secret, err := here.SetUp(t.Context())
	if err != nil || secret == "" {
		t.Fatalf("%q, %v", secret, err)
	}
	if second, err := there.SetUp(t.Context()); second != "" || err != nil {
		t.Errorf("a replica drew another link: %q, %v", second, err)
	}
	const password = "correct horse battery staple"
	if _, err := there.RedeemSetUp(t.Context(), secret, people.NewAccount{Login: "ana", Password: password}); err != nil {
		t.Fatal(err)
	}
	session, _, err := here.SignIn(t.Context(), people.Attempt{Login: "ana", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	if who, err := there.Session(t.Context(), session); err != nil || who.Login != "ana" {
		t.Errorf("%+v, %v", who, err)
	}
	list, err := there.Sessions(t.Context(), "ana", session)
	if err != nil || len(list) != 1 || !list[0].Current {
		t.Errorf("%+v, %v", list, err)
	}
	if err := here.SignOut(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	for _, key := range s.keys(t, "accounts/") {
		if doc := s.read(t, key); strings.Contains(doc, password) || strings.Contains(doc, secret) || strings.Contains(doc, session) {
			t.Errorf("%s holds a secret", key)
		}
	}
}

func TestDocumentsOfPeopleAreWrittenByConditionOnly(t *testing.T) {
	s := newStage(t)
	a := s.Accounts()
	if _, _, err := a.Get(t.Context(), "accounts/people.json"); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a missing one: %v", err)
	}
	if err := a.Put(t.Context(), "accounts/people.json", []byte("1"), ""); err != nil {
		t.Fatal(err)
	}
	if err := a.Put(t.Context(), "accounts/people.json", []byte("2"), ""); !errors.Is(err, archive.ErrConflict) {
		t.Errorf("created twice: %v", err)
	}
	_, etag, err := a.Get(t.Context(), "accounts/people.json")
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	won := 0
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			if err := a.Put(t.Context(), "accounts/people.json", []byte{byte('a' + i)}, etag); err == nil {
				mu.Lock()
				defer mu.Unlock()
				won++
			} else if !errors.Is(err, archive.ErrConflict) {
				t.Error(err)
			}
		})
	}
	work.Wait()
	if won != 1 {
		t.Errorf("%d writers of one document won", won)
	}
}

func TestPeopleReachNothingElse(t *testing.T) {
	s := newStage(t)
	s.registered(t)
	a := s.Accounts()
	video := s.keys(t, "videos/")[0]
	if _, _, err := a.Get(t.Context(), video); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("reading: %v", err)
	}
	if err := a.Put(t.Context(), video, []byte("x"), ""); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("writing: %v", err)
	}
	if err := a.Delete(t.Context(), video); !errors.Is(err, storage.ErrBadKey) {
		t.Errorf("deleting: %v", err)
	}
	for _, err := range a.List(t.Context(), "videos/") {
		if !errors.Is(err, storage.ErrBadKey) {
			t.Errorf("listing: %v", err)
		}
	}
}
