package web_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/web"
)

// shelf is a store in memory, and the catalog of itself.
type shelf struct {
	mu      sync.Mutex
	videos  map[archive.VideoID]archive.Video
	owners  map[archive.SourceKey]archive.VideoID
	placed  []archive.Article
	down    error // what every call fails with
	crowded bool  // no room for files
	asked   int
	events  []archive.Event // of changes, the oldest first

	kept      map[string][]byte // files, by id and name
	opened    []int64           // offsets at which files were opened
	elsewhere string            // where readers are sent for files
}

func newShelf() *shelf {
	s := &shelf{videos: map[archive.VideoID]archive.Video{}, owners: map[archive.SourceKey]archive.VideoID{}, kept: map[string][]byte{}}
	for i, v := range []archive.Video{picturedVideo(), bareVideo(), hiddenVideo(embargoed, archive.Embargoed), hiddenVideo(withdrawn, archive.Withdrawn)} {
		v.Revision = 1
		v.Created = time.Date(2026, 1, 1+i, 0, 0, 0, 0, time.UTC)
		v.Updated = v.Created
		s.videos[v.ID] = v
		for _, src := range v.Sources {
			s.owners[src.SourceKey] = v.ID
		}
	}
	return s
}

func toySource(id string) archive.Source {
	return archive.Source{
		SourceKey: archive.SourceKey{Platform: "toy", ID: id}, URL: "https://toy.example/" + id,
		Standing: archive.Standing{State: archive.Live, Outcome: archive.Playable, LastGood: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)},
	}
}

func picturedVideo() archive.Video {
	s := toySource("one")
	s.Described = &archive.Description{
		At:         time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Fields:     archive.Fields{Title: hostile, Channel: "A channel", Seconds: 90, Width: 1280, Height: 720},
		Thumbnails: []archive.File{{Digest: strings.Repeat("ab", 32), Width: 1280, Height: 720}},
	}
	gone := toySource("two")
	gone.Standing = archive.Standing{State: archive.Gone, Outcome: archive.Removed, Reason: "removed by its owner"}
	return archive.Video{
		ID: pictured, DefaultLanguage: "es", Title: archive.Text{"es": "Reunión", "en": "Meeting " + hostile},
		EventDate: "2019-09-25", Notes: "not for readers", Sources: []archive.Source{gone, s},
	}
}

func bareVideo() archive.Video {
	return archive.Video{ID: bare, Sources: []archive.Source{toySource("bare")}}
}

func hiddenVideo(id archive.VideoID, exposure archive.Exposure) archive.Video {
	v := picturedVideo()
	v.ID, v.Sources = id, []archive.Source{toySource(string(id))}
	v.Sources[0].Described = picturedVideo().Sources[1].Described
	v.Visibility = archive.Visibility{Exposure: exposure, Until: now().Add(24 * time.Hour)}
	v.Explanation = archive.Text{"es": "Retirado a petición."}
	return v
}

// SaveStream implements archive.Store.
func (s *shelf) SaveStream(_ context.Context, id archive.VideoID, about archive.File, body io.ReadSeeker) (archive.File, error) {
	data, err := io.ReadAll(io.LimitReader(body, about.Bytes))
	if err != nil {
		return archive.File{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.crowded {
		return archive.File{}, fmt.Errorf("%w: %w", archive.ErrUnavailable, archive.ErrFull) // as storage says it
	}
	if s.down != nil {
		return archive.File{}, s.down
	}
	s.kept[string(id)+"/"+about.Name()] = data
	return about, nil
}

// Open implements web.Media.
func (s *shelf) Open(_ context.Context, id archive.VideoID, f archive.File, offset int64) (io.ReadCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return nil, s.down
	}
	s.opened = append(s.opened, offset)
	data, ok := s.kept[string(id)+"/"+f.Name()]
	if !ok {
		return nil, archive.ErrNotFound
	}
	return io.NopCloser(bytes.NewReader(data[offset:])), nil
}

// Address implements web.Media.
func (s *shelf) Address(context.Context, archive.VideoID, archive.File) (string, error) {
	return s.elsewhere, nil
}

func now() time.Time { return time.Date(2026, 4, 9, 12, 0, 0, 0, time.UTC) }

func (s *shelf) Video(_ context.Context, id archive.VideoID) (archive.Video, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.down != nil {
		return archive.Video{}, fmt.Errorf("reading s3://secret-bucket/%s: %w", id, s.down)
	}
	v, ok := s.videos[id]
	if !ok {
		return archive.Video{}, fmt.Errorf("video %s: %w", id, archive.ErrNotFound)
	}
	v.Sources = slices.Clone(v.Sources)
	return v, nil
}

func (s *shelf) List(_ context.Context, q archive.Query) (archive.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q.After == "garbage" {
		return archive.Page{}, &archive.FieldError{Field: "after", Problem: "no page ended there", Cure: "pass on the next of the page before"}
	}
	var all []archive.Video
	for _, v := range s.videos {
		if v.Visibility.Exposure != archive.Erased && strings.Contains(strings.ToLower(fmt.Sprint(v.Title)), strings.ToLower(q.Text)) && (q.Tag == "" || slices.Contains(v.Tags, q.Tag)) {
			all = append(all, v)
		}
	}
	slices.SortFunc(all, func(a, b archive.Video) int { return b.Created.Compare(a.Created) })
	from := slices.IndexFunc(all, func(v archive.Video) bool { return string(v.ID) == q.After }) + 1
	to := min(from+cmp.Or(q.Limit, 50), len(all))
	page := archive.Page{Videos: all[from:to]}
	if to < len(all) {
		page.Next = string(all[to-1].ID)
	}
	return page, s.down
}

func (s *shelf) Create(_ context.Context, v archive.Video, _ archive.Cause) (archive.Video, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.videos[v.ID]; ok {
		return archive.Video{}, archive.ErrExists
	}
	v.Revision = 1
	s.videos[v.ID] = v
	return v, nil
}

func (s *shelf) Update(ctx context.Context, id archive.VideoID, cause archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	before, err := s.Video(ctx, id)
	if err != nil {
		return archive.Video{}, err
	}
	v := before
	v.Sources, v.Copies, v.Captions = slices.Clone(v.Sources), slices.Clone(v.Copies), slices.Clone(v.Captions)
	if err := change(&v); err != nil {
		return archive.Video{}, err
	}
	v.Revision++
	s.mu.Lock()
	defer s.mu.Unlock()
	s.videos[id] = v
	s.events = append(s.events, archive.Event{Video: id, Actor: cause.Actor, Verb: cause.Verb, Reason: cause.Reason, Revision: v.Revision, Before: unlike(before, v), After: unlike(v, before)})
	return v, nil
}

// unlike is the fields of v that the other has not, or has otherwise.
func unlike(v, other archive.Video) map[string]json.RawMessage {
	fields, others := fieldsOf(v), fieldsOf(other)
	for name, value := range fields {
		if name == "revision" || name == "updated" || bytes.Equal(value, others[name]) {
			delete(fields, name)
		}
	}
	return fields
}

func fieldsOf(v archive.Video) map[string]json.RawMessage {
	fields := map[string]json.RawMessage{}
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &fields)
	}
	if err != nil {
		panic(err) // a video is JSON
	}
	return fields
}

// EventAt implements archive.Recaller.
func (s *shelf) EventAt(_ context.Context, id archive.VideoID, revision int64) (archive.Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range slices.Backward(s.events) { // a test may have set a video back
		if e.Video == id && e.Revision == revision {
			return e, nil
		}
	}
	return archive.Event{}, archive.ErrNotFound
}

// undoing takes changes back from a shelf.
type undoing struct {
	*archive.Library
	shelf *shelf
}

// Undo implements web.Undoer.
func (u undoing) Undo(ctx context.Context, id archive.VideoID, what archive.Undoing, actor string) (archive.Video, error) {
	return u.Library.Undo(ctx, u.shelf, id, what, actor)
}

func (s *shelf) Claim(_ context.Context, key archive.SourceKey, id archive.VideoID) (archive.VideoID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down != nil {
		return "", s.down
	}
	if owner, ok := s.owners[key]; ok {
		return owner, nil
	}
	s.owners[key] = id
	return id, nil
}

func (s *shelf) SaveFile(_ context.Context, _ archive.VideoID, about archive.File, _ []byte) (archive.File, error) {
	return about, nil
}

func (s *shelf) SaveCapture(_ context.Context, c archive.Capture) (archive.Capture, error) {
	return c, nil
}

func (s *shelf) Place(_ context.Context, a archive.Article, _ archive.VideoID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.placed = append(s.placed, a)
	return nil
}

// full has no room for files from now on, or has again.
func (s *shelf) full(full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.crowded = full
}

func (s *shelf) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.down = err
}

// Check is an audit that finds every source playable.
func (s *shelf) Check(ctx context.Context, ids []archive.VideoID, _ string) error {
	for _, id := range ids {
		if _, err := s.Update(ctx, id, archive.Cause{}, func(v *archive.Video) error {
			for i := range v.Sources {
				v.Sources[i].Standing.State = archive.Live
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// CheckSources is Check of these sources alone.
func (s *shelf) CheckSources(ctx context.Context, sources []web.SourceOf, _ string) error {
	for _, one := range sources {
		if _, err := s.Update(ctx, one.Video, archive.Cause{}, func(v *archive.Video) error {
			if found := v.Source(one.Key); found != nil {
				found.Standing.State = archive.Live
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// BySource implements web.Catalog.
func (s *shelf) BySource(_ context.Context, key archive.SourceKey) (archive.VideoID, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id, ok := s.owners[key]; ok || s.down != nil {
		return id, s.down
	}
	return "", archive.ErrNotFound
}

// Facets implements web.Catalog: of tags alone, and of missing captions.
func (s *shelf) Facets(_ context.Context, kind string, n int) ([]archive.Facet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	counts := map[string]int{}
	for _, v := range s.videos {
		switch {
		case kind == "tag":
			for _, tag := range v.Tags {
				counts[tag]++
			}
		case kind == "caption" && len(v.Caption) == 0:
			counts["no"]++
		case kind == "state":
			counts[web.NewAPIVideo(v, baseURL, "es").State]++
		case kind == "mark":
			for _, source := range v.Sources {
				if len(source.Standing.Held) > 0 {
					counts["held"]++
				}
			}
		}
	}
	var list []archive.Facet
	for value, videos := range counts {
		list = append(list, archive.Facet{Value: value, Label: value, Videos: videos})
	}
	slices.SortFunc(list, func(a, b archive.Facet) int { return cmp.Or(b.Videos-a.Videos, strings.Compare(a.Value, b.Value)) })
	return list[:min(n, len(list))], s.down
}

// ArticlesOf implements web.Catalog.
func (s *shelf) ArticlesOf(_ context.Context, v archive.Video) ([]archive.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []archive.Article
	for _, a := range s.placed {
		if slices.ContainsFunc(a.Placements, func(p archive.Placement) bool { return p.Video == v.ID }) {
			list = append(list, a)
		}
	}
	return list, nil
}

// Articles implements web.Catalog.
func (s *shelf) Articles(_ context.Context, q archive.ArticleQuery) (archive.ArticlePage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q.After == "garbage" {
		return archive.ArticlePage{}, &archive.FieldError{Field: "after", Problem: "no page ended there", Cure: "pass on the next of the page before"}
	}
	var page archive.ArticlePage
	for _, a := range slices.SortedFunc(slices.Values(s.placed), func(a, b archive.Article) int { return strings.Compare(a.URL, b.URL) }) {
		switch {
		case q.URL != "" && a.URL != q.URL || a.URL <= q.After:
		case len(page.Articles) == cmp.Or(q.Limit, 50):
			page.Next = page.Articles[len(page.Articles)-1].URL
			return page, s.down
		default:
			page.Articles = append(page.Articles, a)
		}
	}
	return page, s.down
}

// Merge implements web.Merger.
func (s *shelf) Merge(ctx context.Context, kept, duplicate archive.VideoID, actor string) (archive.Video, error) {
	return newLibrary(s).Merge(ctx, s, kept, duplicate, actor)
}

// CopyBelongings implements archive.Mover.
func (s *shelf) CopyBelongings(context.Context, archive.VideoID, archive.VideoID) error { return nil }

// MoveClaim implements archive.Mover.
func (s *shelf) MoveClaim(_ context.Context, key archive.SourceKey, _, to archive.VideoID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owners[key] = to
	return nil
}
