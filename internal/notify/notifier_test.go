package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/notify"
)

// shelf keeps one setting, as a store does.
type shelf struct {
	mu   sync.Mutex
	data []byte
	tag  int
}

func (s *shelf) Setting(_ context.Context, _ string, into any) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.data == nil {
		return "", archive.ErrNotFound
	}
	return fmt.Sprint(s.tag), json.Unmarshal(s.data, into)
}

func (s *shelf) SaveSetting(_ context.Context, _, etag string, value any) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if (s.data == nil) != (etag == "") || s.data != nil && etag != fmt.Sprint(s.tag) {
		return "", archive.ErrConflict
	}
	data, err := json.Marshal(value)
	s.data = data
	s.tag++
	return fmt.Sprint(s.tag), err
}

// box takes letters, or fails.
type box struct {
	mu      sync.Mutex
	letters []notify.Letter
	fail    error
}

func (b *box) Send(_ context.Context, l notify.Letter) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail == nil {
		b.letters = append(b.letters, l)
	}
	return b.fail
}

// desk is one process that tells.
type desk struct {
	*notify.Notifier
	shelf *shelf
	box   *box
	now   time.Time
}

func newDesk(t *testing.T, change ...func(*notify.Options)) *desk {
	t.Helper()
	d := &desk{shelf: &shelf{}, box: &box{}, now: time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)}
	o := notify.Options{Settings: d.shelf, Sender: d.box, Base: "https://videos.example.org/", Language: "es", Hour: 7, Now: func() time.Time { return d.now }}
	for _, c := range change {
		c(&o)
	}
	var err error
	if d.Notifier, err = notify.New(o); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) tell(t *testing.T, n notify.News) {
	t.Helper()
	if err := d.Tell(t.Context(), n); err != nil {
		t.Fatal(err)
	}
}

func death(title string) notify.Change {
	return notify.Change{
		Video: "7k3mzq9x0abd", Title: title, Source: archive.SourceKey{Platform: "youtube", ID: "x"}, From: archive.Live, To: archive.Gone, Reason: "private <b>",
		LastGood: time.Date(2026, 4, 7, 6, 0, 0, 0, time.UTC), FirstBad: time.Date(2026, 4, 8, 6, 0, 0, 0, time.UTC), Articles: []string{"https://example.org/story"},
	}
}

func TestTheDigestComesOnceADayAtItsHour(t *testing.T) {
	d := newDesk(t)
	d.tell(t, notify.News{Changes: []notify.Change{death("Nueva York <b>")}})
	d.now = d.now.Add(18 * time.Hour) // 06:00
	back := death("Oval")
	back.From, back.To = archive.Suspect, archive.Live
	trifle := death("Trifle")
	trifle.From, trifle.To = archive.Unchecked, archive.Live
	d.tell(t, notify.News{Changes: []notify.Change{back, trifle}})
	if len(d.box.letters) != 0 {
		t.Fatalf("before its hour: %+v", d.box.letters)
	}
	d.now = d.now.Add(time.Hour)
	d.tell(t, notify.News{})
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 {
		t.Fatalf("%d letters", len(d.box.letters))
	}
	l := d.box.letters[0]
	if l.Subject != "Videoteca: perdidas: 1, de vuelta: 1" {
		t.Errorf("the subject is %q", l.Subject)
	}
	for _, want := range []string{"Nueva York <b>", "disponible → desaparecida", "entre 2026-04-07 06:00 UTC y 2026-04-08 06:00 UTC", "https://videos.example.org/videos/7k3mzq9x0abd/evidence", "https://example.org/story", "De vuelta"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("the text lacks %q: %s", want, l.Text)
		}
	}
	if strings.Contains(l.HTML, "<b>") || strings.Contains(l.Text, "Trifle") {
		t.Errorf("markup is not text, or it tells of trifles: %s", l.HTML)
	}
	d.now = d.now.Add(48 * time.Hour)
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 {
		t.Error("a letter came though nothing had happened")
	}
}

func TestADigestAfterEachAuditWhereItIsWanted(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour, o.Language = -1, "en" })
	for range 2 {
		d.tell(t, notify.News{Changes: []notify.Change{death("New York"), death("Oval")}})
	}
	if len(d.box.letters) != 2 || d.box.letters[0].Subject != "Videoteca: 2 lost, 0 back" {
		t.Errorf("%+v", d.box.letters)
	}
}

func TestAnOutageIsOneLetterAndItsEndAnother(t *testing.T) {
	d := newDesk(t)
	for range 5 {
		d.now = d.now.Add(time.Hour)
		d.tell(t, notify.News{Outages: map[string]notify.Outage{"youtube": {Held: 900, Of: 1000}}})
		d.restart(t)
	}
	if len(d.box.letters) != 1 || !strings.Contains(d.box.letters[0].Text, "900 de 1000 fuentes en youtube") {
		t.Fatalf("%d letters: %+v", len(d.box.letters), d.box.letters)
	}
	for range 3 {
		d.tell(t, notify.News{})
	}
	if len(d.box.letters) != 2 || !strings.Contains(d.box.letters[1].Subject, "vuelve a responder") {
		t.Errorf("%d letters", len(d.box.letters))
	}
}

// restart is another process on the same settings.
func (d *desk) restart(t *testing.T) {
	t.Helper()
	fresh := newDesk(t, func(o *notify.Options) {
		o.Settings, o.Sender = d.shelf, d.box
		o.Now = func() time.Time { return d.now }
	})
	d.Notifier = fresh.Notifier
}

func TestWhatCannotBeSentIsSentLater(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	d.box.fail = errors.New("451 greylisted")
	if err := d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("Nueva York")}}); err == nil {
		t.Error("it says nothing of the failure")
	}
	d.restart(t)
	d.box.fail = nil
	d.tell(t, notify.News{})
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 {
		t.Errorf("%d letters", len(d.box.letters))
	}
}

func TestReplicasThatTellAtOnceLoseNothing(t *testing.T) {
	d := newDesk(t)
	other := newDesk(t, func(o *notify.Options) { o.Settings, o.Sender = d.shelf, d.box })
	var work sync.WaitGroup
	for i := range 4 {
		for _, one := range []*desk{d, other} {
			work.Go(func() {
				if err := one.Tell(t.Context(), notify.News{Changes: []notify.Change{death(fmt.Sprint("video ", i))}}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	work.Wait()
	d.now = d.now.Add(24 * time.Hour)
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 || d.box.letters[0].Subject != "Videoteca: perdidas: 8, de vuelta: 0" {
		t.Errorf("%+v", d.box.letters)
	}
}

func TestADigestHasABound(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	changes := make([]notify.Change, 5000)
	for i := range changes {
		changes[i] = death("x")
	}
	d.tell(t, notify.News{Changes: changes})
	if n := strings.Count(d.box.letters[0].Text, "\n- "); n != 500 {
		t.Errorf("it lists %d", n)
	}
}

func TestAfterQuietDaysTheDigestStillComesAtItsHour(t *testing.T) {
	d := newDesk(t)
	d.tell(t, notify.News{})
	d.now = d.now.Add(72 * time.Hour) // noon
	d.tell(t, notify.News{Changes: []notify.Change{death("Nueva York")}})
	if len(d.box.letters) != 0 {
		t.Fatal("it came at noon")
	}
	d.now = d.now.Add(19 * time.Hour)
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 {
		t.Errorf("%d letters at seven", len(d.box.letters))
	}
}

func TestTheOutboxOfAServerThatIsAwayHasABound(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	d.box.fail = errors.New("connection refused")
	for range 60 {
		_ = d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("x")}})
	}
	d.box.fail = nil
	d.tell(t, notify.News{})
	if n := len(d.box.letters); n != 40 {
		t.Errorf("%d letters", n)
	}
}
