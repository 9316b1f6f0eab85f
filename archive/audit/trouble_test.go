package audit_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// reported are videos of the toy platform with one source each, which no store holds.
func reported(n int) []archive.Video {
	var videos []archive.Video
	for i := range n {
		key := archive.SourceKey{Platform: "toy", ID: fmt.Sprint("v", i)}
		videos = append(videos, archive.Video{ID: archive.NewVideoID(), Sources: []archive.Source{{SourceKey: key}}})
	}
	return videos
}

func TestASourceIsRecheckedOnceInHalfAnHour(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(r.auditor, 10_000)
	v := reported(1)[0]
	key := v.Sources[0].SourceKey
	if !trouble.Report(v, key) {
		t.Fatal("the first report was not taken")
	}
	for range 100 {
		if trouble.Report(v, key) {
			t.Fatal("a second one was taken at once")
		}
	}
	r.now = r.now.Add(29 * time.Minute)
	if trouble.Report(v, key) {
		t.Error("one was taken after 29 minutes")
	}
	r.now = r.now.Add(time.Minute)
	if !trouble.Report(v, key) {
		t.Error("none was taken after half an hour")
	}
}

func TestASourceThatTheVideoHasNotIsNeverAsked(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(r.auditor, 10_000)
	if trouble.Report(reported(1)[0], archive.SourceKey{Platform: "toy", ID: "somebody-elses"}) {
		t.Error("it was taken")
	}
}

func TestReportsSpendATwentiethOfTheDaysQuota(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(r.auditor, 200)
	taken := 0
	for _, v := range reported(40) {
		if trouble.Report(v, v.Sources[0].SourceKey) {
			taken++
		}
	}
	if taken != 10 {
		t.Errorf("%d of 200 questions were given to reports, want 10", taken)
	}
	r.now = r.now.Add(24 * time.Hour)
	if v := reported(41)[40]; !trouble.Report(v, v.Sources[0].SourceKey) {
		t.Error("the next day none was taken")
	}
}

func TestAFloodFillsTheQueueAndNoMore(t *testing.T) {
	r := newRoom(t)
	trouble := audit.NewTrouble(r.auditor, 1_000_000)
	taken := 0
	for _, v := range reported(2_000) {
		if trouble.Report(v, v.Sources[0].SourceKey) {
			taken++
		}
	}
	if taken != 256 {
		t.Errorf("%d reports wait, want 256", taken)
	}
}

func TestAReportHasTheSourceAskedByTheOrdinaryRules(t *testing.T) {
	r := newRoom(t)
	v := r.add("one")
	r.gone["one"] = true
	r.now = r.now.Add(time.Hour)
	asked := len(r.batches)
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		trouble := audit.NewTrouble(r.auditor, 10_000)
		trouble.Report(v, v.Sources[0].SourceKey)
		done := make(chan struct{})
		go func() { trouble.Run(ctx); close(done) }()
		time.Sleep(time.Minute)
		stop()
		<-done
	})
	if got := len(r.batches) - asked; got != 1 {
		t.Errorf("the platform was asked %d times", got)
	}
	if state := r.standing(v).State; state != archive.Suspect {
		t.Errorf("one bad round made it %v", state)
	}
}
