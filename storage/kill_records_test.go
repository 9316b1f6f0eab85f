package storage_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// recordsEnv makes the process that is killed change records: those that the variable names.
const recordsEnv = "VIDEOTECA_TEST_RECORDS"

const (
	recordRuns   = 50
	recordMoment = 150 * time.Millisecond // at most this long after the first acknowledgement: several changes
)

// change alters the records over and over, each through event, marker and If-Match, and acknowledges each change
// on a line of its own: the video, with who changed it, and the number.
func change(folder string, videos []string) error {
	d, err := storage.OpenDirectory(folder)
	if err != nil {
		return err
	}
	s := storage.NewStore(d, storage.StoreOptions{})
	who := strconv.Itoa(os.Getpid())
	for n := 1; ; n++ {
		id := videos[n%len(videos)]
		_, err := s.Update(context.Background(), archive.VideoID(id), archive.Cause{Actor: who, Verb: "label"}, func(v *archive.Video) error {
			v.Tags = slices.DeleteFunc(v.Tags, func(tag string) bool { return strings.HasPrefix(tag, who+"=") })
			v.Tags = append(v.Tags, fmt.Sprintf("%s=%d", who, n))
			return nil
		})
		if errors.Is(err, archive.ErrConflict) { // the other one came first too often; nothing is acknowledged
			continue
		}
		if err != nil {
			return err
		}
		fmt.Printf("%s/%s %d\n", id, who, n)
	}
}

// changes are the newest numbers in a record, by who changed it.
func changes(t *testing.T, v archive.Video) map[string]int {
	t.Helper()
	newest := map[string]int{}
	for _, tag := range v.Tags {
		who, number, _ := strings.Cut(tag, "=")
		n, err := strconv.Atoi(number)
		if err != nil || newest[who] != 0 {
			t.Fatalf("a torn record: %v", v.Tags)
		}
		newest[who] = n
	}
	return newest
}

func TestKillingWhoeverChangesRecordsLosesNoAcknowledgedChangeAndNoEvent(t *testing.T) {
	s := newStage(t)
	var ids []string
	for range 3 {
		ids = append(ids, string(s.registered(t).ID))
	}
	t.Setenv(recordsEnv, strings.Join(ids, ","))
	acknowledged := 0
	for run := range recordRuns {
		var acks []map[string]int
		for _, w := range startWriters(t, s.folder, 1+run%2) {
			acks = append(acks, w.killWithin(t, recordMoment))
		}
		for _, ack := range acks {
			for key, number := range ack {
				id, who, _ := strings.Cut(key, "/")
				v, err := s.Video(t.Context(), archive.VideoID(id))
				if err != nil {
					t.Fatalf("run %d: %v", run, err)
				}
				if got := changes(t, v)[who]; got < number {
					t.Fatalf("run %d: change %d of %s by %s was acknowledged, and the record is at %d", run, number, id, who, got)
				}
				acknowledged += number/len(ids) + 1
			}
		}
	}
	for _, id := range ids {
		s.wholeHistory(t, archive.VideoID(id))
	}
	if acknowledged < recordRuns {
		t.Errorf("only %d changes were acknowledged", acknowledged)
	}
	t.Logf("kill -9: %d runs, %d acknowledged changes, 0 lost, 0 torn, %d chains of events whole", recordRuns, acknowledged, len(ids))
}

// wholeHistory fails unless every revision of a video has the event that explains it, each in the chain.
func (s *stage) wholeHistory(t *testing.T, id archive.VideoID) {
	t.Helper()
	if err := s.VerifyEvents(t.Context(), id); err != nil {
		t.Error(err)
	}
	v, err := s.Video(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	explained := map[int64]bool{}
	for _, e := range all(t, s.Events(t.Context(), id)) {
		explained[e.Revision] = true
	}
	for revision := range v.Revision {
		if !explained[revision+1] {
			t.Errorf("no event explains revision %d of %d", revision+1, v.Revision)
		}
	}
	// Whoever is killed leaves nothing in the way of the next.
	if changed := s.noted(t, id, "after all"); changed.Revision != v.Revision+1 {
		t.Errorf("revision %d follows %d", changed.Revision, v.Revision)
	}
}
