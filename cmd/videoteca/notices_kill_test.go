package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/internal/notify"
	"videoteca/storage"
)

// letter is one handing over, as far as a reader tells letters apart.
type letter struct{ id, subject, text string }

// letters are those that the postbox took, also those that it did not answer.
func (p *postbox) letters(t *testing.T) []letter {
	t.Helper()
	var list []letter
	for raw := range strings.SplitSeq(p.text(), "\r\n.\r\n") {
		if strings.TrimSpace(raw) == "" {
			continue
		}
		m, err := mail.ReadMessage(strings.NewReader(raw))
		if err != nil {
			t.Fatalf("%v: %s", err, raw)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			t.Fatal(err)
		}
		_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := multipart.NewReader(m.Body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(plain))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, letter{m.Header.Get("Message-ID"), subject, string(text)})
	}
	return list
}

// kill ends a process as kill -9 does.
func kill(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = c.Wait() // which says that it was killed
}

// comes waits for what a process does that has yet to start, and to wait for the lease of one that was killed.
func comes(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); !condition(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to %s", what)
		}
	}
}

var entryID = regexp.MustCompile(`<id>tag:[^<]*</id>`)

// feedEntries is the ids of the Atom feed's entries.
func (s *site) feedEntries(t *testing.T) []string {
	t.Helper()
	return entryID.FindAllString(command(t, s.args("report", "--format", "atom", "--since", "1d")...), -1)
}

// Twice a process is killed between having judged and having sent: before the mail server took the letter, and
// after it took it without a word. Meanwhile a command finds so many more that the guard rises.
func TestNoticesSurviveProcessesThatAreKilledWhileTheyAreSent(t *testing.T) {
	const lost, held = 4, 6
	s := newSiteAside(t)
	s.platform.Many(20)
	videos := s.shelve(t, 20)
	remove := func(from, to int) (ids []string) {
		for i := from; i < to; i++ {
			if err := s.platform.SetState(archivetest.ManyID(i), archivetest.Removed); err != nil {
				t.Fatal(err)
			}
			ids = append(ids, string(videos[i].ID))
		}
		return ids
	}
	p := newPostbox(t)
	mailing := func() *exec.Cmd {
		return s.replica(t, "--lease-term", "1s", "--mail-server", "smtp://"+p.address, "--mail-from", "videoteca@example.org", "--mail-to", "news@example.org", "--mail-hour=-1", "--mail-language", "en")
	}

	remove(0, lost)
	p.silence(beforeBody)
	first := mailing()
	comes(t, "a letter that the mail server does not take", p.fallen)
	kill(t, first)
	command(t, s.args(append([]string{"check"}, remove(lost, lost+held)...)...)...)
	p.silence(afterBody)
	second := mailing()
	comes(t, "a letter that the mail server takes without a word", p.fallen)
	kill(t, second)
	told := s.feedEntries(t)
	p.silence(neverSilent)
	mailing()
	comes(t, "the letters handed over", func() bool { return s.noticesSent(t) })

	count, byID := map[string]int{}, map[string]letter{}
	for _, l := range p.letters(t) {
		count[l.id]++
		byID[l.id] = l
	}
	outages, again := 0, 0
	digests := ""
	for id, l := range byID {
		again += count[id] - 1
		if strings.Contains(l.subject, "maketube") {
			outages++
			continue
		}
		digests += l.text
	}
	if outages != 1 || again != 1 {
		t.Errorf("%d letters tell of the outage, and %d came again under their Message-ID", outages, again)
	}
	for i, v := range videos {
		want := 0
		if i < lost {
			want = 1
		}
		if got := strings.Count(digests, string(v.ID)); got != want {
			t.Errorf("the video %d is told of %d times, and not %d", i, got, want)
		}
	}
	if after := s.feedEntries(t); len(told) != lost || !slices.Equal(told, after) {
		t.Errorf("the feed has %q, and then %q", told, after)
	}
}

// noticesSent reports whether nothing waits to be sent, the outage's letter having been written.
func (s *site) noticesSent(t *testing.T) bool {
	t.Helper()
	bucket, err := storage.OpenDirectory(s.store)
	if err != nil {
		t.Fatal(err)
	}
	defer bucket.Close()
	var kept struct {
		Outages map[string]time.Time `json:"outages"`
		Outbox  []json.RawMessage    `json:"outbox"`
	}
	if _, err := storage.NewStore(bucket, storage.StoreOptions{}).Setting(t.Context(), notify.SettingName, &kept); err != nil && !errors.Is(err, archive.ErrNotFound) {
		t.Fatal(fmt.Errorf("reading what is yet to be sent: %w", err))
	}
	return len(kept.Outages) == 1 && len(kept.Outbox) == 0
}
