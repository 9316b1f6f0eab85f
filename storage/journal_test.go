package storage_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"videoteca/archive"
	"videoteca/storage"
)

// answers is n observations.
func answers(n int) []archive.Observation {
	list := make([]archive.Observation, n)
	for i := range list {
		list[i] = archive.Observation{
			Source: youtube(fmt.Sprint("id", i)), Method: "youtube.videos.list", Host: "www.googleapis.com", At: morning(),
			Outcome: archive.Missing, Status: 200, Digest: strings.Repeat("ab", 32), Latency: 31 * time.Millisecond,
		}
	}
	return list
}

func begun(t *testing.T, s *stage) string {
	t.Helper()
	audit, err := s.Journal().Begin(t.Context(), morning())
	if err != nil {
		t.Fatal(err)
	}
	return audit
}

func TestAPartIsReadBackAsItWasWritten(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	if !strings.HasPrefix(audit, "2025/04/14/") || len(s.keys(t, "audits/")) != 0 {
		t.Errorf("began %s with %v", audit, s.keys(t, "audits/"))
	}
	for _, part := range []int{1, 2, 10} {
		if err := s.Journal().WritePart(t.Context(), audit, part, answers(part*10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Journal().Finish(t.Context(), audit, map[string]int{"parts": 3}); err != nil {
		t.Fatal(err)
	}
	parts, err := s.Journal().Parts(t.Context(), audit)
	if err != nil || !slices.Equal(parts, []int{1, 2, 10}) {
		t.Fatalf("parts %v, %v", parts, err)
	}
	for _, part := range parts {
		got, err := s.Journal().ReadPart(t.Context(), audit, part)
		if err != nil || !reflect.DeepEqual(got, answers(part*10)) {
			t.Errorf("part %d came back as %d observations, %v", part, len(got), err)
		}
	}
	if _, err := s.Journal().ReadPart(t.Context(), audit, 3); !errors.Is(err, archive.ErrNotFound) {
		t.Errorf("a missing part: %v", err)
	}
}

func TestAPartIsOneGzippedLineForEachObservation(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(3)); err != nil {
		t.Fatal(err)
	}
	zip, err := gzip.NewReader(strings.NewReader(s.read(t, "audits/"+audit+"/0001.jsonl.gz")))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(zip)
	if err != nil || bytes.Count(plain, []byte("\n")) != 3 || !bytes.Contains(plain, []byte(`"outcome":"missing"`)) {
		t.Errorf("%v\n%s", err, plain)
	}
}

func TestAPartThatIsTakenIsNeverReplaced(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(3)); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(4)); !errors.Is(err, archive.ErrExists) {
		t.Errorf("another one: %v", err)
	}
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(3)); err != nil {
		t.Errorf("the same again: %v", err)
	}
	if got, err := s.Journal().ReadPart(t.Context(), audit, 1); err != nil || len(got) != 3 {
		t.Errorf("%d observations, %v", len(got), err)
	}
	if err := s.Journal().Finish(t.Context(), audit, map[string]int{"parts": 1}); err != nil {
		t.Fatal(err)
	}
	if err := s.Journal().Finish(t.Context(), audit, map[string]int{"parts": 2}); !errors.Is(err, archive.ErrExists) {
		t.Errorf("another summary: %v", err)
	}
}

func TestAPartIsDurableThoughTheReplyWasLost(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	s.bucket.set(func(b *troubled) { b.after, b.before = once("audits/", errCut), nil })
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(3)); err != nil {
		t.Errorf("the reply was lost: %v", err)
	}
	s.bucket.set(func(b *troubled) { b.before = once("audits/", errCut) })
	if err := s.Journal().WritePart(t.Context(), audit, 2, answers(3)); err != nil {
		t.Errorf("the request was lost: %v", err)
	}
	if parts, err := s.Journal().Parts(t.Context(), audit); err != nil || !slices.Equal(parts, []int{1, 2}) {
		t.Errorf("parts %v, %v", parts, err)
	}
}

func TestPartsOutsideTheLimitsAreRefused(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	huge := answers(1)
	huge[0].Reason = strings.Repeat("x", 21<<20)
	for name, tt := range map[string]struct {
		part         int
		observations []archive.Observation
	}{
		"part 0": {0, answers(1)}, "part 10,000": {10_000, answers(1)}, "none": {1, nil}, "5,001": {1, answers(5001)}, "21 MiB": {1, huge},
	} {
		if err := s.Journal().WritePart(t.Context(), audit, tt.part, tt.observations); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(5000)); err != nil {
		t.Errorf("5,000 observations: %v", err)
	}
}

func TestADamagedPartIsNoEmptyPart(t *testing.T) {
	s := newStage(t)
	audit := begun(t, s)
	if err := s.Journal().WritePart(t.Context(), audit, 1, answers(50)); err != nil {
		t.Fatal(err)
	}
	key := "audits/" + audit + "/0001.jsonl.gz"
	whole := s.read(t, key)
	for name, content := range map[string]string{
		"cut off": whole[:len(whole)/2], "no gzip": "plain", "no JSON": zipped(t, "{]"), "altered": altered(whole),
	} {
		s.overwrite(t, key, content)
		if got, err := s.Journal().ReadPart(t.Context(), audit, 1); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: %d observations, %v", name, len(got), err)
		}
	}
}

func zipped(t *testing.T, plain string) string {
	t.Helper()
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	_, err := zip.Write([]byte(plain))
	if err = errors.Join(err, zip.Close()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// altered turns over one byte of the checksum at the end.
func altered(whole string) string {
	data := []byte(whole)
	data[len(data)-8] ^= 0xff
	return string(data)
}

func FuzzReadPart(f *testing.F) {
	f.Add([]byte("{}\n"), true)
	f.Add([]byte(`{"source":{"platform":"youtube","id":"x"},"outcome":"gone"}`), true)
	f.Add([]byte{0x1f, 0x8b}, false)
	directory, err := storage.OpenDirectory(f.TempDir())
	if err != nil {
		f.Fatal(err)
	}
	s := storage.NewStore(directory, storage.StoreOptions{})
	f.Fuzz(func(t *testing.T, content []byte, zip bool) {
		if zip {
			content = []byte(zipped(t, string(content)))
		}
		if len(content) == 0 {
			return
		}
		audit := fmt.Sprintf("2025/04/14/%016x", rand.Uint64())
		if _, err := directory.Put(t.Context(), "audits/"+audit+"/0001.jsonl.gz", bytes.NewReader(content), int64(len(content)), storage.Condition{}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Journal().ReadPart(t.Context(), audit, 1); err != nil && !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%q: %v", content, err)
		}
	})
}
