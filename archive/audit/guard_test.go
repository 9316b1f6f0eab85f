package audit_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// goingDown lets four of thirty sources turn bad, which are suspects then, and an hour later four
// more, so that the guard is up.
func (r *room) goingDown() []archive.Video {
	r.Helper()
	videos := r.many(30)
	for i := range 4 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	r.after(time.Hour, videos...)
	for i := range 8 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	r.after(time.Hour, videos[4:]...)
	return videos
}

func TestASuspectAskedAloneIsHeldWhileTheGuardIsUp(t *testing.T) {
	r := newRoom(t)
	videos := r.goingDown()
	s := r.after(6*time.Hour, videos[0])
	if g := s.Guards["toy"]; !g.Up || g.Turning != 8 || g.Sources != 30 {
		t.Errorf("asked alone, the guard counts %+v", g)
	}
	if got := r.standing(videos[0]); got.State != archive.Suspect || len(got.Held) == 0 {
		t.Errorf("the suspect is %s, with %d rounds held", got.State, len(got.Held))
	}
}

func TestASuspectAskedAloneDiesWhileTheGuardIsDown(t *testing.T) {
	r := newRoom(t)
	videos := r.many(30)
	r.gone["v0"] = true
	r.after(time.Hour, videos...)
	s := r.after(6*time.Hour, videos[0])
	if got := r.standing(videos[0]); got.State != archive.Gone || s.Guards["toy"].Up {
		t.Errorf("the suspect is %s, %+v", got.State, s.Guards)
	}
}

func TestAGuardIsAnnouncedOnceWhenItRisesAndOnceWhenItEnds(t *testing.T) {
	r := newRoom(t)
	r.alone = true // so that nothing is released
	var log bytes.Buffer
	r.auditor = r.build(func(o *audit.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	videos := r.many(30)
	r.after(time.Hour, videos...)
	for i := range 7 {
		r.gone[fmt.Sprint("v", i)] = true
	}
	var raised, ended []int
	for turn := range 8 {
		if turn == 5 {
			clear(r.gone)
		}
		s := r.after(6*time.Hour, videos...)
		if s.Guards["toy"].Raised {
			raised = append(raised, turn)
		}
		if s.Guards["toy"].Ended {
			ended = append(ended, turn)
		}
	}
	if fmt.Sprint(raised, ended) != "[0] [5]" { // in which all were seen alive
		t.Errorf("the summaries tell of a rise in turns %v and of an end in turns %v", raised, ended)
	}
	said := log.String()
	if rise, end := strings.Count(said, "bad rounds are held"), strings.Count(said, "no longer held"); rise != 1 || end != 1 || strings.Count(said, "WARN") != 2 {
		t.Errorf("the log tells %d times of the rise and %d times of the end:\n%s", rise, end, said)
	}
}

func TestAGuardThatAnotherProcessRaisedIsNotAnnouncedAgain(t *testing.T) {
	r := newRoom(t)
	videos := r.goingDown()
	var log bytes.Buffer
	r.auditor = r.build(func(o *audit.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	s := r.after(time.Hour, videos...)
	if g := s.Guards["toy"]; !g.Up || g.Raised || log.Len() != 0 {
		t.Errorf("%+v, %s", g, log.String())
	}
}

func TestAGuardThatEndsWhileNoProcessRunsIsAnnouncedByTheNextOneOnce(t *testing.T) {
	for name, away := range map[string]func(*room, []archive.Video){
		"the window went by": func(r *room, _ []archive.Video) { r.now = r.now.Add(25 * time.Hour) },
		"killed before it could say so": func(r *room, videos []archive.Video) {
			clear(r.gone)
			r.auditor = r.build(func(o *audit.Options) { o.Alarms = &audit.Alarms{} })
			r.after(time.Hour, videos...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			away(r, r.goingDown())
			var log bytes.Buffer
			for range 2 { // processes, each of which looks twice with nothing to ask
				r.auditor = r.build(func(o *audit.Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
				r.after(time.Minute)
				r.after(time.Minute)
			}
			if said := log.String(); strings.Count(said, "no longer held") != 1 || strings.Count(said, "WARN") != 1 {
				t.Errorf("the processes say %q", said)
			}
		})
	}
}

// An audit elsewhere writes the setting at the same time, or the store is away: what was said is said once
// here all the same.
func TestAGuardIsAnnouncedOnceByAProcessThatCannotKeepIt(t *testing.T) {
	r := newRoom(t)
	var log bytes.Buffer
	r.auditor = r.build(func(o *audit.Options) {
		o.Alarms, o.Log = audit.NewAlarms(closedSettings{}), slog.New(slog.NewTextHandler(&log, nil))
	})
	videos := r.goingDown()
	r.after(time.Hour, videos...)
	said := log.String()
	if strings.Count(said, "bad rounds are held") != 1 || !strings.Contains(said, "another process may say it again") {
		t.Errorf("it says %q", said)
	}
}

// closedSettings cannot be asked, and lose every race.
type closedSettings struct{}

func (closedSettings) Setting(context.Context, string, any) (string, error) {
	return "", archive.ErrUnavailable
}

func (closedSettings) SaveSetting(context.Context, string, string, any) (string, error) {
	return "", archive.ErrConflict
}
