package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/audit"
	"videoteca/web"
)

// publishedPage reads a published page; empty where there is none.
func publishedPage(t *testing.T, folder, id string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "e", id+".html"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return string(data)
}

func TestWhatIsWithdrawnLeavesThePublishedPagesByItself(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	folder := t.TempDir()
	command(t, s.args("publish", "--publish-to", folder)...)
	token := web.NewToken()
	service := serve(t, s.args("--token", token, "--no-audit", "--no-archived-pages")...)
	s.post(t, service.URL+"/api/v1/videos/"+v.ID+"/withdraw", token, `{"explanation":{"es":"Se retiró a petición de la familia."}}`)
	waitFor(t, "the withdrawal is published", func() bool {
		return strings.Contains(publishedPage(t, folder, v.ID), "Se retiró a petición")
	})
	waitFor(t, "its posters are not published", func() bool {
		posters, err := filepath.Glob(filepath.Join(folder, "p", v.ID, "*"))
		return err == nil && len(posters) == 0
	})
}

// Both ids stand in articles, and both lead to the same video.
func TestWhatIsWithdrawnLeavesThePagesOfItsDuplicateToo(t *testing.T) {
	s := newSiteAside(t)
	kept, duplicate := s.add(t, archivetest.NewYorkID), s.add(t, archivetest.OvalOfficeID)
	folder := t.TempDir()
	command(t, s.args("publish", "--publish-to", folder)...)
	token := web.NewToken()
	service := serve(t, s.args("--token", token, "--no-audit", "--no-archived-pages")...)
	s.post(t, service.URL+"/api/v1/videos/"+kept.ID+"/merge", token, `{"duplicate":"`+duplicate.ID+`"}`)
	command(t, s.args("publish", "--publish-to", folder)...)
	if page := publishedPage(t, folder, duplicate.ID); !strings.Contains(page, kept.Title) || strings.Contains(page, duplicate.Title+"<") {
		t.Errorf("under the duplicate's id stands %s", page)
	}
	for _, name := range []string{"v", "e", "p"} {
		if found, err := filepath.Glob(filepath.Join(folder, name, duplicate.ID+"*")); err != nil || len(found) == 0 {
			t.Errorf("in %s nothing is under the duplicate's id (%v)", name, err)
		}
	}
	s.post(t, service.URL+"/api/v1/videos/"+duplicate.ID+"/withdraw", token, `{"explanation":{"es":"Se retiró a petición de la familia."}}`)
	for _, id := range []string{kept.ID, duplicate.ID} {
		waitFor(t, "the withdrawal is published under "+id, func() bool {
			posters, err := filepath.Glob(filepath.Join(folder, "p", id, "*"))
			return err == nil && len(posters) == 0 && strings.Contains(publishedPage(t, folder, id), "Se retiró a petición")
		})
	}
}

// post sends a document to the API as a program does.
func (s *site) post(t *testing.T, address, token, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d", address, answer.StatusCode)
	}
}

// waitFor waits for a condition, on a loaded machine too.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(tryPatience); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after %s it does not hold that %s", tryPatience, what)
		}
	}
}

func TestWhatIsErasedLeavesThePublishedPages(t *testing.T) {
	s := newSiteAside(t)
	v := s.add(t, archivetest.NewYorkID)
	folder := t.TempDir()
	command(t, s.args("publish")...)
	command(t, s.args("publish", "--publish-to", folder)...)
	title := v.Title
	if title == "" || len(filesWith(t, folder, title)) == 0 {
		t.Fatalf("the title %q is not published, so this tests little", title)
	}
	n := s.opened(t)
	if _, err := n.eraser().Erase(t.Context(), archive.VideoID(v.ID), "RGPD 17", "x", "ana"); err != nil {
		t.Fatal(err)
	}
	list, err := n.refreshTargets(t.Context())
	if err != nil || len(list) != 2 || list[0].Checked.IsZero() || !list[1].Failing.IsZero() {
		t.Fatalf("%+v, %v", list, err)
	}
	for _, where := range []string{folder, filepath.Join(s.store, "published")} {
		if left := filesWith(t, where, title); len(left) != 0 {
			t.Errorf("the title is still published in %v", left)
		}
	}
	if page := publishedPage(t, folder, v.ID); page == "" {
		t.Error("articles have nothing in its place")
	}
}

func TestATargetThatCannotBeReachedIsListedUntilItCanOrIsForgotten(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, s.crowd(t, 1)[0])
	folder := filepath.Join(t.TempDir(), "embeds")
	command(t, s.args("publish", "--publish-to", folder)...)
	n := s.opened(t)
	behind := func() []web.PublishedTarget {
		t.Helper()
		if _, err := n.refreshTargets(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := publishedPages{n}.Behind(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := behind(); len(got) != 0 {
		t.Errorf("it is there, and behind are %+v", got)
	}
	aside := folder + "-aside"
	if err := os.Rename(folder, aside); err != nil {
		t.Fatal(err)
	}
	if got := behind(); len(got) != 0 { // another machine may have it
		t.Errorf("a moment after it was up to date, behind are %+v", got)
	}
	age := func(list []publishedAt) []publishedAt {
		list[0].Checked = list[0].Checked.Add(-2 * othersTurn)
		return list
	}
	if err := n.amendTargets(t.Context(), age); err != nil {
		t.Fatal(err)
	}
	first := behind()
	if len(first) != 1 || first[0].Address != folder || !strings.Contains(first[0].Reason, "not on this machine") {
		t.Fatalf("behind are %+v", first)
	}
	if again := behind(); !again[0].Since.Equal(first[0].Since) {
		t.Error("it fails since another time")
	}
	if err := os.Rename(aside, folder); err != nil {
		t.Fatal(err)
	}
	if got := behind(); len(got) != 0 {
		t.Errorf("it is back, and behind are %+v", got)
	}
	command(t, s.args("publish", "--publish-to", folder, "--forget")...)
	if list, err := n.targets(t.Context()); err != nil || len(list) != 0 {
		t.Errorf("known are %+v, %v", list, err)
	}
	if got := try(t, "", s.args("publish", "--forget")...); got.code != exitUsage || !strings.Contains(got.errs, "published/ in the store") {
		t.Errorf("forgetting what is not known: %+v", got)
	}
}

func TestTwoDoNotPublishAtOnce(t *testing.T) {
	s := newSiteAside(t)
	s.add(t, s.crowd(t, 1)[0])
	command(t, s.args("publish")...)
	n := s.opened(t)
	_, giveBack, err := leases{n.store, time.Minute, n.log}.Hold(context.WithoutCancel(t.Context()), publishLease)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.refreshTargets(t.Context()); err == nil || !strings.Contains(err.Error(), audit.ErrBusy.Error()) {
		t.Errorf("got %v", err)
	}
	if got := try(t, "", s.args("publish")...); got.code == exitOK {
		t.Errorf("got %+v", got)
	}
	var said strings.Builder
	if err := n.refreshPublished(t.Context(), &said); err != nil || !strings.Contains(said.String(), "somebody is publishing") {
		t.Errorf("%v: %s", err, &said)
	}
	giveBack()
	command(t, s.args("publish")...)
}
