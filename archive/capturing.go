package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
)

// fetch asks the platform, for as long as a person would wait. What it did not
// manage by then is reported as an unclear observation, not as an error.
func (l *Library) fetch(ctx context.Context, platform Platform, ref Reference) (Fetched, error) {
	asking, cancel := context.WithTimeout(ctx, l.fetching)
	defer cancel()
	fetched, err := platform.Fetch(asking, ref)
	if ctx.Err() != nil {
		return Fetched{}, fmt.Errorf("fetching %s: %w", ref.Key, ctx.Err())
	}
	if err != nil {
		fetched.Observations = append(fetched.Observations, Observation{
			Source: ref.Key, Method: "fetch", At: l.now().UTC(), Reason: "no answer in time",
		})
	}
	return fetched, nil
}

// describeSource fetches a source just registered, keeps a capture, judges the
// first round and makes the poster. Upstream trouble becomes a note.
func (l *Library) describeSource(ctx context.Context, platform Platform, ref Reference, done Registered, actor string) (Registered, error) {
	done, h, err := l.observe(ctx, platform, ref, done, actor)
	if err != nil {
		return done, err
	}
	return l.settle(ctx, done, *h)
}

// settle judges what was observed of a source just registered, and makes the poster.
func (l *Library) settle(ctx context.Context, done Registered, h Hearing) (Registered, error) {
	v, err := l.judging.Settle(ctx, h)
	return l.settled(ctx, done, h.Source, Settled{v, err})
}

// observe fetches a source just registered and keeps a capture.
func (l *Library) observe(ctx context.Context, platform Platform, ref Reference, done Registered, actor string) (Registered, *Hearing, error) {
	fetched, err := l.fetch(ctx, platform, ref)
	if err != nil {
		return done, nil, err
	}
	if reason := fetched.Reason(ref.Key); reason != "" {
		done.Notes = append(done.Notes, fmt.Sprintf("%s: %s", ref.Key, reason))
	}
	h, err := l.keep(ctx, done.Video, ref, fetched, actor)
	if err != nil {
		return done, nil, fmt.Errorf("keeping what %s showed: %w", ref.Key, err)
	}
	return done, &h, nil
}

// keep writes files, then the capture that points at them. The hearing writes the record that
// points at the capture: a crash leaves unused bytes, never a dangling pointer.
func (l *Library) keep(ctx context.Context, v Video, ref Reference, fetched Fetched, actor string) (Hearing, error) {
	var described *Description
	if !fetched.Empty() {
		c, err := l.capture(ctx, v.ID, ref, fetched)
		if err != nil {
			return Hearing{}, err
		}
		described = &Description{Capture: c.ID, At: c.At, Method: c.Method, Fields: c.Fields, Thumbnails: c.Thumbnails}
		nameKept(fetched.Observations, c.Raw)
	}
	describe := unlessErased(ctx, func(v *Video) error {
		s := v.Source(ref.Key)
		if s == nil {
			return fmt.Errorf("source %s of video %s: %w", ref.Key, v.ID, ErrNotFound)
		}
		// Pictures may outlive a removed video: they tell nothing that replaces its title.
		if described != nil && (s.Described == nil || !described.IsZero()) {
			s.Described = described
		}
		return nil
	})
	return Hearing{Video: v, Source: ref.Key, Observations: fetched.Observations, Cause: Cause{Actor: actor, Verb: "capture"}, Change: describe}, nil
}

// justJudge judges what was observed where it makes no capture.
func (l *Library) justJudge(ctx context.Context, v Video, key SourceKey, fetched Fetched, actor string) error {
	h := Hearing{Video: v, Source: key, Observations: fetched.Observations, Cause: Cause{Actor: actorOr(actor), Verb: "check"}, Change: unlessErased(ctx, nothing)}
	if _, err := l.judging.Settle(ctx, h); err != nil {
		return fmt.Errorf("judging %s: %w", key, err)
	}
	return nil
}

// nameKept names, in observations, the answers that a capture keeps.
func nameKept(observations []Observation, kept []File) {
	for i := range observations {
		o := &observations[i]
		if o.Body == nil {
			continue
		}
		digest := digestOf(o.Body.Data)
		if n := slices.IndexFunc(kept, func(f File) bool { return f.Digest == digest }); n >= 0 {
			f := kept[n]
			f.Label = o.Method
			o.Kept = &f
		}
	}
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (l *Library) capture(ctx context.Context, id VideoID, ref Reference, fetched Fetched) (Capture, error) {
	c := Capture{
		Video: id, Source: ref.Key, URL: ref.URL, At: fetched.At.UTC(), Method: fetched.Method,
		Program: l.stamp.Program, Vantage: l.stamp.Vantage, Fields: fetched.Fields,
	}
	var save saving
	for _, p := range fetched.Pictures {
		c.Thumbnails = append(c.Thumbnails, File{Extension: p.Extension, Type: p.Type, Label: p.Label, Width: p.Width, Height: p.Height})
	}
	for i := range c.Thumbnails {
		save.start(ctx, l.store, id, &c.Thumbnails[i], fetched.Pictures[i].Data)
	}
	bodies := slices.DeleteFunc(slices.Clone(fetched.Raw), func(r Raw) bool { return len(r.Data) == 0 }) // the store keeps no empty objects
	for _, r := range bodies {
		c.Raw = append(c.Raw, File{Extension: r.Extension, Type: r.Type, Label: r.Label})
	}
	for i := range c.Raw {
		save.start(ctx, l.store, id, &c.Raw[i], bodies[i].Data)
	}
	if err := save.wait(); err != nil {
		return Capture{}, err
	}
	return l.store.SaveCapture(ctx, c)
}

// saving saves files side by side: a store far away answers slowly, and a capture has many.
type saving struct {
	work sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

// start saves a file and fills what is not known of it before.
func (s *saving) start(ctx context.Context, store Store, id VideoID, f *File, data []byte) {
	s.work.Go(func() {
		saved, err := store.SaveFile(ctx, id, *f, data)
		if err == nil {
			*f = saved
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.errs = append(s.errs, fmt.Errorf("saving %s: %w", f.Label, err))
	})
}

func (s *saving) wait() error {
	s.work.Wait()
	return errors.Join(s.errs...)
}

func (l *Library) makePoster(ctx context.Context, v Video) {
	if l.posters == nil {
		return
	}
	if err := l.posters.Make(ctx, v); err != nil {
		l.log.WarnContext(ctx, "poster not made; it will be made again when asked for",
			slog.String("video", string(v.ID)), slog.Any("error", err))
	}
}

// CaptureMissing captures a source that no capture describes, and judges what it
// saw. A source that is described already, or whose platform this installation
// does not know, is left alone.
func (l *Library) CaptureMissing(ctx context.Context, id VideoID, key SourceKey, actor string) error {
	v, err := l.store.Video(ctx, id)
	if err != nil {
		return fmt.Errorf("capturing %s of video %s: %w", key, id, err)
	}
	s, platform := v.Source(key), l.platforms.Named(key.Platform)
	if s == nil || s.Described != nil || platform == nil {
		return nil
	}
	ref := Reference{Key: key, URL: s.URL, Start: s.Start, End: s.End}
	_, err = l.describeSource(ctx, platform, ref, Registered{Video: v}, actorOr(actor))
	return err
}

// CaptureAgain captures a source that seems to show something else than its newest capture.
// The older capture stays. Where title, description, status and thumbnails turn out to
// be the same, or the source does not answer, no capture is made.
func (l *Library) CaptureAgain(ctx context.Context, id VideoID, key SourceKey, actor string) error {
	v, err := l.store.Video(ctx, id)
	if err != nil {
		return fmt.Errorf("capturing %s of video %s again: %w", key, id, err)
	}
	s, platform := v.Source(key), l.platforms.Named(key.Platform)
	if s == nil || platform == nil {
		return nil
	}
	ref := Reference{Key: key, URL: s.URL, Start: s.Start, End: s.End}
	fetched, err := l.fetch(ctx, platform, ref)
	if err != nil {
		return err
	}
	if fetched.Fields.IsZero() || s.Described != nil && !fetched.differs(*s.Described) {
		return l.justJudge(ctx, v, key, fetched, actor)
	}
	return l.keepAnew(ctx, v, ref, fetched, actorOr(actor))
}

// keepAnew keeps what a source shows by now, judges it and makes the poster.
func (l *Library) keepAnew(ctx context.Context, v Video, ref Reference, fetched Fetched, actor string) error {
	h, err := l.keep(ctx, v, ref, fetched, actor)
	if err == nil {
		v, err = l.judging.Settle(ctx, h)
	}
	if err != nil {
		return fmt.Errorf("keeping what %s shows by now: %w", ref.Key, err)
	}
	l.makePoster(ctx, v)
	return nil
}

// differs reports whether what was fetched says or shows something else.
func (f Fetched) differs(known Description) bool {
	if f.Fields.Title != known.Title {
		return true
	}
	if f.Method == known.Method && (f.Fields.Description != known.Description || !slices.Equal(f.Fields.Status, known.Status)) {
		return true
	}
	shown := map[string]string{}
	for _, t := range known.Thumbnails {
		shown[t.Label] = t.Digest
	}
	return slices.ContainsFunc(f.Pictures, func(p Picture) bool {
		return shown[p.Label] != digestOf(p.Data)
	})
}
