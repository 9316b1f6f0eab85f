package audit_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"videoteca/archive"
	"videoteca/archive/audit"
)

// fleet is records, journal and channels in memory: a bucket for histories so long that a
// disk would take days.
type fleet struct {
	mu       sync.Mutex
	videos   []archive.Video
	at       map[archive.VideoID]int
	bySource map[archive.SourceKey]archive.VideoID
	chans    map[archive.SourceKey]archive.Channel
	names    []string
	objects  map[string]any
	parts    map[string][][]archive.Observation
	writes   int
	moved    func(archive.Video, archive.Source, archive.Transition)
	unheard  map[archive.SourceKey]time.Time // when each was marked so
}

func newFleet() *fleet {
	return &fleet{
		at: map[archive.VideoID]int{}, bySource: map[archive.SourceKey]archive.VideoID{}, chans: map[archive.SourceKey]archive.Channel{},
		objects: map[string]any{}, unheard: map[archive.SourceKey]time.Time{}, parts: map[string][][]archive.Observation{},
	}
}

// add registers a source without asking anybody.
func (f *fleet) add(key archive.SourceKey, channel string, at time.Time) {
	v := archive.Video{ID: archive.NewVideoID(), Revision: 1, Created: at, Sources: []archive.Source{{SourceKey: key, Added: at}}}
	if channel != "" {
		v.Sources[0].Described = &archive.Description{Method: "youtube.videos.list", Fields: archive.Fields{Title: "Video " + key.ID, ChannelID: channel, Channel: "A channel"}}
	}
	f.at[v.ID], f.bySource[key] = len(f.videos), v.ID
	f.videos = append(f.videos, v)
}

func (f *fleet) all(context.Context) iter.Seq2[archive.Video, error] {
	return func(yield func(archive.Video, error) bool) {
		for i := range f.videos {
			f.mu.Lock()
			v := f.videos[i] // whose sources nobody alters: Update puts others in their place
			f.mu.Unlock()
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (f *fleet) standings(platform string) []archive.Standing {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []archive.Standing
	for _, v := range f.videos {
		for _, s := range v.Sources {
			if s.Platform == platform {
				list = append(list, s.Standing)
			}
		}
	}
	return list
}

func (f *fleet) BySource(_ context.Context, key archive.SourceKey) (archive.Video, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id, known := f.bySource[key]
	if !known {
		return archive.Video{}, archive.ErrNotFound
	}
	return f.videos[f.at[id]], nil
}

func (f *fleet) Update(_ context.Context, id archive.VideoID, _ archive.Cause, change func(*archive.Video) error) (archive.Video, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	before := f.videos[f.at[id]]
	next := before
	next.Sources = slices.Clone(before.Sources)
	if err := change(&next); err != nil {
		return archive.Video{}, err
	}
	next.Revision++
	f.writes++
	f.videos[f.at[id]] = next
	for i, s := range next.Sources {
		if s.Standing.Unheard && !before.Sources[i].Standing.Unheard {
			f.unheard[s.SourceKey] = time.Now()
		}
	}
	if f.moved != nil {
		for i, s := range next.Sources {
			had := before.Sources[i].Standing.Transitions
			for _, t := range s.Standing.Transitions {
				if len(had) == 0 || t.At.After(had[len(had)-1].At) {
					f.moved(next, s, t)
				}
			}
		}
	}
	return next, nil
}

func (f *fleet) SaveFile(_ context.Context, _ archive.VideoID, about archive.File, _ []byte) (archive.File, error) {
	return about, nil
}

func (f *fleet) Channels(context.Context) iter.Seq2[archive.Channel, error] {
	return func(yield func(archive.Channel, error) bool) {
		for _, c := range f.chans {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func (f *fleet) UpdateChannel(_ context.Context, key archive.SourceKey, change func(*archive.Channel) error) (archive.Channel, error) {
	c := f.chans[key]
	c.Key = key
	err := change(&c)
	f.chans[key] = c
	return c, err
}

func (f *fleet) Begin(_ context.Context, at time.Time) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	name := fmt.Sprintf("%s/%06d", at.UTC().Format("2006/01/02"), len(f.names))
	f.names = append(f.names, name)
	f.objects[name] = at
	return name, nil
}

func (f *fleet) keep(key string, value any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, stands := f.objects[key]; stands {
		return archive.ErrExists
	}
	f.objects[key] = value
	return nil
}

func (f *fleet) WritePlan(_ context.Context, audit string, plan any) error {
	return f.keep(audit+"/plan", plan)
}

func (f *fleet) Finish(_ context.Context, audit string, summary any) error {
	return f.keep(audit+"/summary", summary)
}

func (f *fleet) WritePart(_ context.Context, audit string, part int, observations []archive.Observation) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.parts[audit]) >= part {
		return archive.ErrExists
	}
	f.parts[audit] = append(f.parts[audit], observations)
	for name := range f.parts { // of what is older nobody asks again
		if name[:len("2006/01/02")] < audit[:len("2006/01/02")] && name != audit {
			f.parts[name] = make([][]archive.Observation, len(f.parts[name]))
		}
	}
	return nil
}

func (f *fleet) Audits(_ context.Context, since, until time.Time) iter.Seq2[string, error] {
	f.mu.Lock()
	defer f.mu.Unlock()
	var list []string
	for _, name := range slices.Backward(f.names) {
		at, _ := f.objects[name].(time.Time)
		if at.Before(since) {
			break
		}
		if !at.After(until) {
			list = append(list, name)
		}
	}
	slices.Reverse(list)
	return func(yield func(string, error) bool) {
		for _, name := range list {
			if !yield(name, nil) {
				return
			}
		}
	}
}

func (f *fleet) Parts(_ context.Context, audit string) ([]int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var numbers []int
	for i := range f.parts[audit] {
		numbers = append(numbers, i+1)
	}
	return numbers, nil
}

func (f *fleet) ReadPart(_ context.Context, audit string, part int) ([]archive.Observation, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.parts[audit][part-1], nil
}

func (f *fleet) read(key string, into any) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	value, stands := f.objects[key]
	if !stands {
		return archive.ErrNotFound
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

func (f *fleet) ReadPlan(_ context.Context, audit string, into any) error {
	return f.read(audit+"/plan", into)
}

func (f *fleet) ReadSummary(_ context.Context, audit string, into any) error {
	return f.read(audit+"/summary", into)
}

var (
	_ audit.Journal  = (*fleet)(nil)
	_ audit.Records  = (*fleet)(nil)
	_ audit.Channels = (*fleet)(nil)
	_ audit.Finder   = (*fleet)(nil)
)

// youtubeKey is the key of a video of the sky.
func youtubeKey(id string) archive.SourceKey {
	return archive.SourceKey{Platform: "skytube", ID: id}
}

// skyID is the n-th id of the sky's.
func skyID(n int) string { return fmt.Sprintf("v%s%06d", strings.Repeat("0", 4), n) }
