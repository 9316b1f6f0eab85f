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
	d := &desk{shelf: &shelf{}, box: &box{}, now: noon}
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

// noon is when the desks of these tests open.
var noon = time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC)

func death(title string) notify.Change {
	return notify.Change{
		Video: "7k3mzq9x0abd", Title: title, Source: archive.SourceKey{Platform: "youtube", ID: title}, At: noon.Add(time.Minute), From: archive.Live, To: archive.Gone, Reason: "private <b>",
		LastGood: time.Date(2026, 4, 7, 6, 0, 0, 0, time.UTC), FirstBad: time.Date(2026, 4, 8, 6, 0, 0, 0, time.UTC), Articles: []string{"https://example.org/story"},
	}
}

func TestTheDigestComesOnceADayAtItsHour(t *testing.T) {
	d := newDesk(t)
	back, trifle := death("Oval"), death("Trifle")
	back.From, back.To = archive.Suspect, archive.Live
	trifle.From, trifle.To = archive.Unchecked, archive.Live
	found := []notify.Change{death("Nueva York <b>"), back, trifle} // records go on telling what they told
	d.tell(t, notify.News{Changes: found[:1]})
	d.now = d.now.Add(18 * time.Hour) // 06:00
	d.tell(t, notify.News{Changes: found})
	if len(d.box.letters) != 0 {
		t.Fatalf("before its hour: %+v", d.box.letters)
	}
	d.now = d.now.Add(time.Hour)
	for range 3 {
		d.tell(t, notify.News{Changes: found})
		d.restart(t)
	}
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
	d.tell(t, notify.News{Changes: found})
	if len(d.box.letters) != 1 {
		t.Error("a letter came though nothing had happened")
	}
}

func TestADigestAtOnceWhereItIsWanted(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour, o.Language = -1, "en" })
	found := []notify.Change{death("New York"), death("Oval")}
	for range 2 {
		d.tell(t, notify.News{Changes: found})
	}
	again := death("Oval")
	again.At = again.At.Add(time.Hour)
	d.tell(t, notify.News{Changes: append(found, again)})
	if len(d.box.letters) != 2 || d.box.letters[0].Subject != "Videoteca: 2 lost, 0 back" || d.box.letters[1].Subject != "Videoteca: 1 lost, 0 back" {
		t.Errorf("%+v", d.box.letters)
	}
}

// A move may reach the records days after it was seen, when whoever takes up a broken-off audit judges it.
func TestAMoveThatIsRecordedLateIsToldOnceAndWhatWasBeforeNobodyWasToldIsNot(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	old, late, first := death("before"), death("late"), death("first")
	old.At = noon.Add(-time.Hour)
	first.At = noon.Add(5 * 24 * time.Hour)
	d.now = noon.Add(6 * 24 * time.Hour)
	d.tell(t, notify.News{Changes: []notify.Change{old, first}})
	for range 2 {
		d.tell(t, notify.News{Changes: []notify.Change{old, first, late}})
	}
	if len(d.box.letters) != 2 || !strings.Contains(d.box.letters[1].Text, "late") || strings.Contains(d.box.letters[0].Text, "before") {
		t.Errorf("%+v", d.box.letters)
	}
	d.now = d.now.Add(30 * 24 * time.Hour) // what was told is forgotten, and too old to be told again
	other := death("other")
	other.At = d.now
	d.tell(t, notify.News{Changes: []notify.Change{other}})
	d.tell(t, notify.News{Changes: []notify.Change{old, first, late, other}})
	if len(d.box.letters) != 3 {
		t.Errorf("%d letters", len(d.box.letters))
	}
}

// A source may move from one video to another; its moves come along.
func TestAMoveIsTheSameInAnotherRecord(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	merged := death("x")
	merged.Video = "000000merged"
	d.tell(t, notify.News{Changes: []notify.Change{death("x"), merged}})
	d.tell(t, notify.News{Changes: []notify.Change{merged}})
	if len(d.box.letters) != 1 || strings.Count(d.box.letters[0].Text, "\n- ") != 1 {
		t.Errorf("%+v", d.box.letters)
	}
}

func TestALookSaysWhatWouldBeTold(t *testing.T) {
	d := newDesk(t)
	fresh := func(c notify.Change) bool {
		t.Helper()
		look, err := d.Look(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return look.Fresh(c)
	}
	d.tell(t, notify.News{})
	if fresh(death("x")) {
		t.Error("before its hour there is something to tell")
	}
	d.now = d.now.Add(19 * time.Hour)
	if !fresh(death("x")) {
		t.Error("at its hour there is nothing to tell")
	}
	d.tell(t, notify.News{Changes: []notify.Change{death("x")}})
	d.now = d.now.Add(24 * time.Hour)
	if fresh(death("x")) {
		t.Error("what was told is to be told again")
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
	d.tell(t, notify.News{})
	d.tell(t, notify.News{Outages: map[string]notify.Outage{"youtube": {Held: 900, Of: 1000}}}) // another replica hears of it later
	if len(d.box.letters) != 2 {
		t.Fatalf("%d letters", len(d.box.letters))
	}
	d.now = d.now.Add(time.Hour)
	for range 3 {
		d.tell(t, notify.News{})
	}
	if len(d.box.letters) != 2 || !strings.Contains(d.box.letters[1].Subject, "vuelve a responder") {
		t.Errorf("%d letters", len(d.box.letters))
	}
}

// restart is another process on the same settings.
func (d *desk) restart(t *testing.T, change ...func(*notify.Options)) {
	t.Helper()
	fresh := newDesk(t, append(change, func(o *notify.Options) {
		o.Settings, o.Sender = d.shelf, d.box
		o.Now = func() time.Time { return d.now }
	})...)
	d.Notifier = fresh.Notifier
}

func TestWhatCannotBeSentIsSentLater(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	d.box.fail = errors.New("451 greylisted")
	if err := d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("Nueva York")}}); err == nil {
		t.Error("it says nothing of the failure")
	}
	d.restart(t, func(o *notify.Options) { o.Hour = -1 })
	if err := d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("Nueva York"), death("Oval")}}); err == nil {
		t.Error("it says nothing of the failure")
	}
	d.box.fail = nil
	d.tell(t, notify.News{})
	for range 2 {
		d.tell(t, notify.News{Changes: []notify.Change{death("Nueva York"), death("Oval")}})
	}
	if len(d.box.letters) != 2 || strings.Contains(d.box.letters[1].Text, "Nueva York") || !strings.Contains(d.box.letters[1].Text, "Oval") {
		t.Errorf("%+v", d.box.letters)
	}
}

// While another replica hands over, this one leaves it to it.
func TestLettersAreHandedOverByOne(t *testing.T) {
	busy := errors.New("another's turn")
	free := false
	d := newDesk(t, func(o *notify.Options) {
		o.Hour = -1
		o.Alone = func(ctx context.Context) (context.Context, func(), error) {
			if !free {
				return nil, nil, busy
			}
			return ctx, func() { free = false }, nil
		}
	})
	if err := d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("x")}}); !errors.Is(err, busy) || len(d.box.letters) != 0 {
		t.Errorf("%v, %d letters", err, len(d.box.letters))
	}
	free = true
	d.tell(t, notify.News{})
	if len(d.box.letters) != 1 || free {
		t.Errorf("%d letters, given back: %v", len(d.box.letters), !free)
	}
}

func TestReplicasThatTellAtOnceLoseNothing(t *testing.T) {
	d := newDesk(t)
	other := newDesk(t, func(o *notify.Options) { o.Settings, o.Sender = d.shelf, d.box })
	var work sync.WaitGroup
	d.tell(t, notify.News{})
	d.now = d.now.Add(24 * time.Hour)
	other.now = d.now
	var found []notify.Change
	for i := range 8 {
		found = append(found, death(fmt.Sprint("video ", i)))
	}
	for range 4 {
		for _, one := range []*desk{d, other} {
			work.Go(func() {
				if err := one.Tell(t.Context(), notify.News{Changes: found}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	work.Wait()
	ids := map[string]bool{} // without a lease two may hand over the same letter, which mail programs show once
	for _, l := range d.box.letters {
		ids[l.ID] = true
	}
	if len(ids) != 1 || d.box.letters[0].Subject != "Videoteca: perdidas: 8, de vuelta: 0" {
		t.Errorf("%d letters: %+v", len(ids), d.box.letters)
	}
}

func TestADigestHasABound(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	changes := make([]notify.Change, 5000)
	for i := range changes {
		changes[i] = death(fmt.Sprint(i))
	}
	d.tell(t, notify.News{Changes: changes})
	l := d.box.letters[0]
	if n := strings.Count(l.Text, "\n- "); n != 500 || !strings.Contains(l.Text, "Y 4500 más: https://videos.example.org/audit") || !strings.Contains(l.Subject, "5000") {
		t.Errorf("%s lists %d", l.Subject, n)
	}
}

func TestAfterQuietDaysTheDigestStillComesAtItsHour(t *testing.T) {
	d := newDesk(t)
	d.tell(t, notify.News{})
	d.now = d.now.Add(19 * time.Hour) // the hour goes by, and there is nothing
	d.tell(t, notify.News{})
	d.now = d.now.Add(5 * time.Hour)
	d.tell(t, notify.News{Changes: []notify.Change{death("Nueva York")}})
	if len(d.box.letters) != 0 {
		t.Fatal("it came at noon")
	}
	d.now = d.now.Add(19 * time.Hour)
	d.tell(t, notify.News{Changes: []notify.Change{death("Nueva York")}})
	if len(d.box.letters) != 1 {
		t.Errorf("%d letters at seven", len(d.box.letters))
	}
}

func TestTheOutboxOfAServerThatIsAwayHasABoundAndKeepsItsDigest(t *testing.T) {
	d := newDesk(t, func(o *notify.Options) { o.Hour = -1 })
	d.box.fail = errors.New("connection refused")
	for i := range 60 {
		outages := map[string]notify.Outage{}
		if i%2 == 0 {
			outages["youtube"] = notify.Outage{Held: 9, Of: 10}
		}
		_ = d.Tell(t.Context(), notify.News{Changes: []notify.Change{death("Nueva York")}, Outages: outages})
		d.now = d.now.Add(time.Hour)
	}
	d.box.fail = nil
	d.tell(t, notify.News{})
	digests := 0
	for _, l := range d.box.letters {
		if strings.Contains(l.Text, "Nueva York") {
			digests++
		}
	}
	if n := len(d.box.letters); n != 40 || digests != 1 {
		t.Errorf("%d letters, %d of them digests", n, digests)
	}
}
