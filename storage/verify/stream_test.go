package verify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"testing"

	"videoteca/archive"
	"videoteca/storage"
)

// shelf is a store in memory of which tests say how it fails. What it is not asked for here it has not.
type shelf struct {
	storage.Bucket
	objects map[string]string
	gets    map[string][]error // of the next Gets of a key, nil for a good one
	dead    error              // what everything else gets
	asked   []string
}

func (s *shelf) Get(_ context.Context, key string, _ storage.Range) (io.ReadCloser, storage.Object, error) {
	s.asked = append(s.asked, key)
	if next := s.gets[key]; len(next) > 0 {
		s.gets[key] = next[1:]
		if next[0] != nil {
			return nil, storage.Object{}, next[0]
		}
	}
	content, there := s.objects[key]
	if !there {
		return nil, storage.Object{}, storage.ErrNotFound
	}
	return io.NopCloser(strings.NewReader(content)), s.object(key), nil
}

func (s *shelf) object(key string) storage.Object {
	return storage.Object{Key: key, Size: int64(len(s.objects[key])), ETag: hexDigest([]byte(s.objects[key]))}
}

func (s *shelf) Stat(_ context.Context, key string) (storage.Object, error) {
	if s.dead != nil {
		return storage.Object{}, s.dead
	}
	if _, there := s.objects[key]; !there {
		return storage.Object{}, storage.ErrNotFound
	}
	return s.object(key), nil
}

func (s *shelf) List(_ context.Context, prefix, after string) iter.Seq2[storage.Object, error] {
	return func(yield func(storage.Object, error) bool) {
		for _, key := range slices.Sorted(maps.Keys(s.objects)) {
			if strings.HasPrefix(key, prefix) && key > after && !yield(s.object(key), nil) {
				return
			}
		}
		if s.dead != nil {
			yield(storage.Object{}, s.dead)
		}
	}
}

var errDisk = errors.New("input/output error")

func shelfOf(objects map[string]string) *shelf {
	objects[storage.KeyInstallation] = "{}"
	return &shelf{objects: objects, gets: map[string][]error{}}
}

func TestAReadThatFailsOnceIsMadeAgain(t *testing.T) {
	for name, c := range map[string]struct {
		gets  []error
		dead  error
		want  error
		asked int
	}{
		"good":                            {nil, nil, nil, 1},
		"fails once":                      {[]error{errDisk}, nil, nil, 2},
		"fails, and the store answers":    {[]error{errDisk, errDisk}, nil, errUnreadable, 2},
		"fails, and so does the store":    {[]error{errDisk, errDisk}, errDisk, archive.ErrUnavailable, 2},
		"is not there":                    {[]error{storage.ErrNotFound}, nil, storage.ErrNotFound, 1},
		"fails, and is not there by then": {[]error{errDisk, storage.ErrNotFound}, nil, storage.ErrNotFound, 2},
	} {
		s := shelfOf(map[string]string{"a": "content"})
		s.gets["a"], s.dead = c.gets, c.dead
		data, object, err := readDocument(t.Context(), s, "a")
		if !errors.Is(err, c.want) || len(s.asked) != c.asked || err == nil && (string(data) != "content" || object.Size != 7) {
			t.Errorf("%s: %q, %v after %d questions", name, data, err, len(s.asked))
		}
	}
}

func TestWhoGaveUpIsToldSoAndNotOfTheStore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := shelfOf(map[string]string{"a": "content"})
	s.gets["a"] = []error{errDisk, errDisk}
	if _, _, err := readDocument(ctx, s, "a"); !errors.Is(err, context.Canceled) || errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("reading: %v", err)
	}
	s.dead = errDisk
	if _, err := exists(ctx, s, "a"); !errors.Is(err, context.Canceled) {
		t.Errorf("asking: %v", err)
	}
	if _, err := exists(t.Context(), s, "a"); !errors.Is(err, archive.ErrUnavailable) {
		t.Errorf("a store that is away: %v", err)
	}
}

func TestADocumentLargerThanAnyIsNotReadIntoMemory(t *testing.T) {
	s := shelfOf(map[string]string{"large": strings.Repeat("x", largestDocument+1), "just": strings.Repeat("x", largestDocument)})
	if _, _, err := readDocument(t.Context(), s, "large"); !errors.Is(err, errTooLarge) || len(s.asked) != 1 {
		t.Errorf("%v after %d questions", err, len(s.asked))
	}
	if data, _, err := readDocument(t.Context(), s, "just"); err != nil || len(data) != largestDocument {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

func TestADigestIsOfTheWholeObjectAlsoWhenItsReadingBegansAnew(t *testing.T) {
	s := shelfOf(map[string]string{"a": "content"})
	s.gets["a"] = []error{errDisk}
	digest, object, err := digestOf(t.Context(), s, "a")
	if err != nil || digest != hexDigest([]byte("content")) || object.Size != 7 {
		t.Errorf("%s, %+v, %v", digest, object, err)
	}
}

func TestWhatIsAbsentIsToldFromWhatCannotBeAsked(t *testing.T) {
	for err, want := range map[error]struct {
		gone   bool
		failed bool
	}{
		storage.ErrNotFound:    {true, false},
		errUnreadable:          {false, false}, // which is a finding
		errTooLarge:            {false, false},
		archive.ErrUnavailable: {false, true},
		context.Canceled:       {false, true},
	} {
		if gone, failed := absent(err); gone != want.gone || (failed != nil) != want.failed {
			t.Errorf("%v: gone %t, failed %v", err, gone, failed)
		}
	}
}

// checking is a unit of work on a shelf, with what it found.
func checking(t *testing.T, s *shelf) (*work, *[]Finding) {
	t.Helper()
	var found []Finding
	c, err := newChecker(Options{Bucket: s}.filled(), func(f Finding) { found = append(found, f) }, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &work{checker: c}, &found
}

func TestAPartGoneSinceItWasListedIsNoFinding(t *testing.T) {
	w, found := checking(t, shelfOf(map[string]string{}))
	if err := w.lines(t.Context(), "audits/x/0001.jsonl.gz", observations()); err != nil || len(*found) != 0 || w.counts.Objects != 0 {
		t.Errorf("%+v, %+v, %v", *found, w.counts, err)
	}
	if err := w.fleeting(t.Context(), storage.Object{Key: "leases/audit.json"}, "lease"); err != nil || len(*found) != 0 {
		t.Errorf("%+v, %v", *found, err)
	}
}

func TestWhatServesForADayIsReportedAndNeverPutBack(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		gets    []error
		kind    Kind
	}{
		"no JSON":         {"{", nil, Undecodable},
		"no lease":        {`{"version":1}`, nil, Schema},
		"of another time": {`{"version":2}`, nil, NewerVersion},
		"cannot be read":  {`{}`, []error{errDisk, errDisk}, Unreadable},
	} {
		s := shelfOf(map[string]string{"leases/audit.json": c.content})
		s.gets["leases/audit.json"] = c.gets
		w, found := checking(t, s)
		w.From = shelfOf(map[string]string{"leases/audit.json": "{}"})
		if err := w.passing(t.Context(), storage.Object{Key: "leases/audit.json"}); err != nil {
			t.Fatal(err)
		}
		if len(*found) != 1 || (*found)[0].Kind != c.kind || (*found)[0].Repaired || (*found)[0].Repairable || s.objects["leases/audit.json"] != c.content {
			t.Errorf("%s: %+v", name, *found)
		}
	}
}

func TestAListingThatBreaksOffIsTheStoresTrouble(t *testing.T) {
	s := shelfOf(map[string]string{"checks/2025-04-14.jsonl.gz": "x", "audits/2025/04/14/01/0001.jsonl.gz": "x", "videos/7k/7k3mzq9x0abd.json": "x"})
	s.dead = errDisk
	w, _ := checking(t, s)
	for _, stage := range stagesFrom("") {
		if stage.name == storage.KeyInstallation {
			continue // which is asked for by its key
		}
		var failed error
		for _, err := range stage.units(w.checker, t.Context(), stage.name, "") {
			failed = err
		}
		if !errors.Is(failed, archive.ErrUnavailable) {
			t.Errorf("%s: %v", stage.name, failed)
		}
	}
}

func TestAPassGoesOnWithTheStageItHadReached(t *testing.T) {
	all := stagesFrom("")
	for i, s := range all {
		rest := stagesFrom(s.name)
		if len(rest) != len(all)-i || rest[0].name != s.name {
			t.Errorf("from %s there are %d stages of %d, the first %s", s.name, len(rest), len(all), rest[0].name)
		}
	}
	if rest := stagesFrom("of a later version/"); len(rest) != len(all) {
		t.Errorf("an unknown one leaves %d", len(rest))
	}
}

func TestLinesAreReadWhole(t *testing.T) {
	w, _ := checking(t, shelfOf(map[string]string{}))
	seen := `{"source":{"platform":"p","id":"x"},"method":"m","host":"h","at":"2025-04-14T09:30:00Z","outcome":"playable"}`
	last := func(id string) string {
		return `{"source":{"platform":"p","id":"` + id + `"},"lastRound":"2025-04-14T09:30:00Z","outcome":"playable"}`
	}
	for name, c := range map[string]struct {
		kind  lineKind
		lines []string
		says  string
	}{
		"a part":                   {observations(), []string{seen, seen}, ""},
		"a checkpoint":             {heard(), []string{last("a"), last("b")}, ""},
		"a checkpoint of nothing":  {heard(), nil, ""},
		"a part of nothing":        {observations(), nil, "no observation"},
		"more than a part has":     {observations(), slices.Repeat([]string{seen}, mostObservations+1), "line 5001: a part has at most 5000"},
		"an empty line":            {observations(), []string{seen, ""}, "line 2"},
		"twice the same source":    {heard(), []string{last("a"), last("a")}, "line 2: its source does not come after"},
		"a line longer than any":   {observations(), []string{strings.Repeat("x", longestLine+1)}, "after line 0"},
		"a line of another kind":   {observations(), []string{last("a")}, "line 1"},
		"a line of a later format": {observations(), []string{`{"version":2}`}, "line 1: it has version 2"},
	} {
		err := c.kind.read(w.schemas, bytes.NewReader(packed(t, c.lines...)))
		var wrong errLines
		if c.says == "" && err != nil || c.says != "" && (!errors.As(err, &wrong) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// refusing lets nothing be written: somebody else was there before, or the store is full.
type refusing struct {
	*shelf
	with error
	puts int
}

func (r *refusing) Put(context.Context, string, io.ReadSeeker, int64, storage.Condition) (storage.Object, error) {
	r.puts++
	return storage.Object{}, r.with
}

func TestWhatCannotBePutBackIsSaidOrEndsThePass(t *testing.T) {
	good := func([]byte) error { return nil }
	for name, c := range map[string]struct {
		dry    bool
		with   error
		says   string
		done   bool
		failed bool
		puts   int
	}{
		"put back":             {false, nil, "put back from the second store", true, false, 1},
		"a dry run":            {true, errDisk, "the second store has it", false, false, 0},
		"somebody was faster":  {false, storage.ErrPreconditionFailed, "somebody else has written it meanwhile", false, false, 1},
		"the store takes none": {false, errDisk, "", false, true, 1},
	} {
		w, _ := checking(t, shelfOf(map[string]string{}))
		here := &refusing{shelf: shelfOf(map[string]string{}), with: c.with}
		w.Bucket, w.DryRun, w.From = here, c.dry, shelfOf(map[string]string{"a": "content"})
		r, err := w.putBack(t.Context(), "a", storage.IfAbsent(), good)
		if (err != nil) != c.failed || r.done != c.done || !r.possible || !c.failed && r.why != c.says || here.puts != c.puts {
			t.Errorf("%s: %+v, %v after %d writes", name, r, err, here.puts)
		}
		if c.failed && !strings.Contains(err.Error(), "putting back a") {
			t.Errorf("%s: it does not say what: %v", name, err)
		}
	}
}

func TestASecondStoreIsAskedWhoseItIs(t *testing.T) {
	mine, theirs := `{"id":"mine"}`, `{"id":"theirs"}`
	for name, c := range map[string]struct {
		here, there string
		refused     bool
	}{
		"a copy":                     {mine, mine, false},
		"somebody else's":            {mine, theirs, true},
		"its marker is damaged":      {mine, "{", false}, // which refuses nothing
		"the marker here is damaged": {"\x00", theirs, false},
		"neither has an id":          {"{}", "{}", false},
	} {
		s, other := shelfOf(map[string]string{}), shelfOf(map[string]string{})
		s.objects[storage.KeyInstallation], other.objects[storage.KeyInstallation] = c.here, c.there
		w, _ := checking(t, s)
		w.From = other
		if err := w.sameInstallation(t.Context()); errors.Is(err, ErrOtherInstallation) != c.refused || !c.refused && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		delete(other.objects, storage.KeyInstallation)
		if err := w.sameInstallation(t.Context()); err != nil {
			t.Errorf("%s, without a marker there: %v", name, err)
		}
	}
}

func TestTheSizeOfAStoreIsCountedOrUnknown(t *testing.T) {
	s := shelfOf(map[string]string{"videos/a": "12345", "files/b": "123"})
	w, _ := checking(t, s)
	w.count(t.Context())
	if objects, bytes := w.total.objects.Load(), w.total.bytes.Load(); objects != 3 || bytes != 5+3+2 { // the marker as well
		t.Errorf("%d objects of %d bytes", objects, bytes)
	}
	s.dead = errDisk
	other, _ := checking(t, s)
	other.count(t.Context())
	if objects := other.total.objects.Load(); objects != 0 {
		t.Errorf("a count that broke off says %d", objects)
	}
}
