package youtube_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/youtube"
)

// purse is a QuotaCounter for one process.
type purse struct {
	left int
	gone bool
	err  error
}

func (p *purse) Gone(context.Context) error {
	p.gone = p.err == nil
	return p.err
}

func (p *purse) Spend(_ context.Context, units int) error {
	if p.err != nil {
		return p.err
	}
	if p.gone || p.left < units {
		return fmt.Errorf("%d units asked, %d left: %w", units, p.left, youtube.ErrQuota)
	}
	p.left -= units
	return nil
}

func TestWithoutQuotaTheKeylessMethodsAreAsked(t *testing.T) {
	s := newStage(alive1)
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Quota = &purse{} })
	seen := probe(t, a, alive1)
	if s.count(onAPI) != 0 || fmt.Sprint(methods(seen)) != "[youtube.oembed youtube.thumbnail]" {
		t.Errorf("%d calls of the API; %v", s.count(onAPI), methods(seen))
	}
	if f := fetch(t, a, alive1); f.Method != youtube.MethodOEmbed || f.Fields.Title == "" {
		t.Errorf("fetched by %q: %+v", f.Method, f.Fields)
	}
}

func TestACounterThatCannotBeReachedDoesNotBlindTheAudit(t *testing.T) {
	s := newStage(alive1)
	a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Quota = &purse{err: errors.New("the bucket is away")} })
	if o := by(t, probe(t, a, alive1), youtube.MethodList, alive1); o.Outcome != archive.Playable {
		t.Errorf("%+v", o)
	}
}

func TestQuotaThatTheAPICallsGoneIsGoneTillMidnightPacific(t *testing.T) {
	for name, day := range map[string]struct{ said, before, after string }{
		"summer":                 {"2026-07-01T20:00:00Z", "2026-07-02T06:59:59Z", "2026-07-02T07:00:00Z"},
		"winter":                 {"2026-01-15T20:00:00Z", "2026-01-16T07:59:59Z", "2026-01-16T08:00:00Z"},
		"the clocks go forward":  {"2026-03-08T09:00:00Z", "2026-03-09T06:59:59Z", "2026-03-09T07:00:00Z"},
		"the clocks go back":     {"2026-11-01T08:00:00Z", "2026-11-02T07:59:59Z", "2026-11-02T08:00:00Z"},
		"the evening in Germany": {"2026-07-02T06:30:00Z", "2026-07-02T06:59:59Z", "2026-07-02T07:00:00Z"},
	} {
		s := newStage(alive1)
		at := clockAt(t, day.said)
		a := adapterOn(t, s, func(o *youtube.Options) { keyed(o); o.Now = func() time.Time { return at } })
		s.does(onAPI, says(403, apiError(403, "quotaExceeded")))
		probe(t, a, alive1)
		s.does(onAPI, nil)
		at = clockAt(t, day.before)
		if probe(t, a, alive1); s.count(onAPI) != 1 {
			t.Errorf("%s: the API was asked again at %s", name, day.before)
		}
		at = clockAt(t, day.after)
		if o := by(t, probe(t, a, alive1), youtube.MethodList, alive1); o.Outcome != archive.Playable {
			t.Errorf("%s: at %s: %+v", name, day.after, o)
		}
	}
}

func TestQuotaThatTheAPICallsGoneIsGoneForAllWhoShareTheKey(t *testing.T) {
	s := newStage(alive1)
	shared := &purse{left: 100}
	sharing := func(o *youtube.Options) { keyed(o); o.Quota = shared }
	s.does(onAPI, says(403, apiError(403, "quotaExceeded")))
	probe(t, adapterOn(t, s, sharing), alive1)
	s.does(onAPI, nil)
	if probe(t, adapterOn(t, s, sharing), alive1); s.count(onAPI) != 1 || !shared.gone {
		t.Errorf("another process, or this one started anew, asked the API: %d calls", s.count(onAPI))
	}
	shared.gone, shared.err = false, errors.New("the bucket is away")
	a := adapterOn(t, s, sharing)
	s.does(onAPI, says(403, apiError(403, "quotaExceeded")))
	probe(t, a, alive1)
	if o := by(t, probe(t, a, alive1), youtube.MethodOEmbed, alive1); o.Outcome != archive.Playable || s.count(onAPI) != 2 {
		t.Errorf("while others cannot be told: %+v, %d calls", o, s.count(onAPI))
	}
}

func TestARefusedKeyIsTriedAgainInTheNextRound(t *testing.T) {
	s := newStage(alive1)
	a := adapterOn(t, s, keyed)
	s.does(onAPI, says(400, keyError(400, "API_KEY_INVALID")))
	if o := by(t, probe(t, a, alive1), youtube.MethodOEmbed, alive1); o.Outcome != archive.Playable {
		t.Errorf("while it is refused: %+v", o)
	}
	s.does(onAPI, nil)
	if o := by(t, probe(t, a, alive1), youtube.MethodList, alive1); o.Outcome != archive.Playable {
		t.Errorf("once it is mended: %+v", o)
	}
}

func clockAt(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
