package report_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/internal/report"
)

var update = flag.Bool("update", false, "write the golden files")

var noon = time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)

// ago is a time before noon.
func ago(days int) time.Time { return noon.AddDate(0, 0, -days) }

// shelf is a library in memory.
type shelf struct {
	videos   []archive.Video
	articles []archive.Article
	channels []archive.Channel
	heard    []archive.Heard
	broken   string // which sequence breaks off
}

var errBroken = errors.New("the line is cut")

func each[T any](list []T, broken bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
		if broken {
			var none T
			yield(none, errBroken)
		}
	}
}

func (s shelf) Videos(context.Context) iter.Seq2[archive.Video, error] {
	return each(s.videos, s.broken == "videos")
}

func (s shelf) Articles(context.Context) iter.Seq2[archive.Article, error] {
	return each(s.articles, s.broken == "articles")
}

func (s shelf) Channels(context.Context) iter.Seq2[archive.Channel, error] {
	return each(s.channels, s.broken == "channels")
}

func (s shelf) Heard(context.Context) iter.Seq2[archive.Heard, error] {
	return each(s.heard, s.broken == "heard")
}

// id is the n-th video's.
func id(n int) archive.VideoID { return archive.VideoID(fmt.Sprintf("%012d", n)) }

// of is a video with one source of the n-th channel.
func of(n, channel int, title string, s archive.Standing) archive.Video {
	return archive.Video{
		ID: id(n), DefaultLanguage: "es", Title: archive.Text{"es": title},
		Sources: []archive.Source{{
			SourceKey: archive.SourceKey{Platform: "youtube", ID: fmt.Sprintf("source%05d", n)}, URL: fmt.Sprintf("https://www.youtube.com/watch?v=source%05d", n),
			Described: &archive.Description{Fields: archive.Fields{Channel: fmt.Sprintf("Canal %d", channel), ChannelID: fmt.Sprint("UC", channel), Published: ago(2000)}},
			Standing:  s,
		}},
	}
}

// hostile is what a platform may call a video.
const hostile = "=HYPERLINK(\"http://evil.example\")<script>\x00\x1b[2J"

// library is one source of each kind that a report tells apart.
func library() shelf {
	alive := archive.Standing{State: archive.Live, Outcome: archive.Playable, Since: ago(80), LastGood: ago(80), LastRound: ago(80), Transitions: []archive.Transition{{At: ago(80), To: archive.Live}}}
	gone := archive.Standing{
		State: archive.Gone, Outcome: archive.Removed, Reason: "removed", Since: ago(5), LastGood: ago(7), FirstBad: ago(6), LastRound: ago(1),
		Transitions: []archive.Transition{{At: ago(70), To: archive.Live}, {At: ago(6), From: archive.Live, To: archive.Suspect, Reason: "removed"}, {At: ago(5), From: archive.Suspect, To: archive.Gone, Reason: "removed", Audit: "2026/03/26/a"}},
	}
	suspect := archive.Standing{
		State: archive.Suspect, Outcome: archive.Missing, Reason: "not found", Since: ago(1), LastGood: ago(2), FirstBad: ago(1),
		Transitions: []archive.Transition{{At: ago(50), To: archive.Live}, {At: ago(1), From: archive.Live, To: archive.Suspect, Reason: "not found"}},
	}
	back := alive
	back.Transitions = []archive.Transition{{At: ago(90), To: archive.Live}, {At: ago(45), From: archive.Live, To: archive.Suspect}, {At: ago(44), From: archive.Suspect, To: archive.Gone}, {At: ago(10), From: archive.Gone, To: archive.Live}}
	disputed, unheard, held := alive, alive, alive
	disputed.DisputedSince, unheard.Unheard, held.Held = ago(4), true, make([]archive.Hold, 2)

	dead := of(1, 1, "Reunión en Nueva York", gone)
	dead.EventDate, dead.Collections = "2019-09-25", []string{"cumbres"}
	doubtful := of(2, 1, hostile, suspect)
	doubtful.EventDate = "2025-04"
	mirrored := of(3, 1, "Con espejo", gone)
	mirrored.Sources = append(mirrored.Sources, archive.Source{SourceKey: archive.SourceKey{Platform: "vimeo", ID: "3"}, URL: "https://vimeo.com/3", Standing: alive})
	copied := of(4, 2, "Con copia", gone)
	copied.Copies = make([]archive.Copy, 1)
	ruled := of(5, 2, "Decidida", gone)
	ruled.Sources[0].Overrule = &archive.Overrule{As: archive.RulesAlive, Reason: "I see it.", At: ago(3)}
	kept := of(6, 2, "Archivada", suspect)
	kept.Sources[0].Archived = &archive.Memento{URL: "https://web.archive.org/web/2026/x", At: ago(9)}
	erased := of(7, 2, "Borrada", gone)
	erased.Visibility.Exposure = archive.Erased
	return shelf{
		videos: []archive.Video{
			of(8, 3, "Viva", alive), dead, doubtful, mirrored, copied, ruled, kept, erased, of(9, 3, "Devuelta", back),
			of(10, 3, "En disputa", disputed), of(11, 3, "Callada", unheard), of(12, 3, "Retenida", held), of(13, 3, "Nueva", archive.Standing{}),
		},
		articles: []archive.Article{
			{URL: "https://example.org/two-meetings", Placements: []archive.Placement{{Video: id(1)}, {Video: id(2)}, {Video: id(8)}}},
			{URL: "https://example.org/one", Placements: []archive.Placement{{Video: id(4)}}},
			{URL: "https://example.org/fine", Placements: []archive.Placement{{Video: id(8)}}},
		},
		channels: []archive.Channel{{Key: archive.ChannelKey("youtube", "UC1"), Standing: archive.Standing{State: archive.Gone, FirstBad: ago(6)}}},
		heard:    []archive.Heard{{Source: archive.SourceKey{Platform: "youtube", ID: "source00008"}, LastRound: ago(0), LastGood: ago(0)}, {Source: archive.SourceKey{Platform: "youtube", ID: "forgotten"}}},
	}
}

func read(t testing.TB, s shelf) *report.Report {
	t.Helper()
	r, err := report.Read(t.Context(), s, "es", noon)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// row is that of the n-th video's first source.
func row(t testing.TB, r *report.Report, n int) report.Row {
	t.Helper()
	for _, row := range r.Rows {
		if row.Video == id(n) && row.Source.Platform == "youtube" {
			return row
		}
	}
	t.Fatalf("no row of video %d", n)
	return report.Row{}
}

// golden compares with a file, or writes it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s differs (look at it, then run with -update):\n%s", name, got)
	}
}
