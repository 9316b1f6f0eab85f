package archive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"
)

// Library is what editors do: register videos, describe them, add mirrors,
// choose the preferred source. It holds the rules; the Store holds the records.
type Library struct {
	store     Store
	platforms Platforms
	posters   PosterMaker
	judging   Judging
	tuned     func(ctx context.Context) Thresholds
	fetching  time.Duration
	stamp     Stamp
	now       func() time.Time
	log       *slog.Logger
}

// Stamp says who looks and from where; it goes into captures and observations.
type Stamp struct {
	Program string // "videoteca v1.2.0"
	Vantage string // "DE, Hetzner"
}

// PosterMaker renders a video's poster onto the local disk.
// Failing is no reason to refuse a registration: it can be made again.
type PosterMaker interface {
	Make(ctx context.Context, v Video) error

	// Measure decodes a picture and returns its size in pixels.
	Measure(data []byte) (width, height int, err error)
}

// LibraryOptions wires a Library. Store and Platforms are required.
type LibraryOptions struct {
	Store     Store
	Platforms Platforms
	Posters   PosterMaker   // nil: none are made
	Judging   Judging       // nil: by the standard thresholds, and there is no journal
	Fetching  time.Duration // how long one source may be asked; 0: 25 s
	Stamp     Stamp         //

	Thresholds func(ctx context.Context) Thresholds // by which a person's release counts; nil: the standard ones
	Now        func() time.Time                     // nil: time.Now
	Log        *slog.Logger                         // nil: discarded
}

// NewLibrary wires a library.
func NewLibrary(o LibraryOptions) *Library {
	l := &Library{
		store: o.Store, platforms: o.Platforms, posters: o.Posters, judging: o.Judging, tuned: o.Thresholds,
		fetching: o.Fetching, stamp: o.Stamp, now: o.Now, log: o.Log,
	}
	if l.judging == nil {
		l.judging = unjournaled{o.Store}
	}
	if l.tuned == nil {
		l.tuned = func(context.Context) Thresholds { return Thresholds{} }
	}
	if l.fetching == 0 {
		l.fetching = 25 * time.Second // a browser's patience, and room for one retry upstream
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	return l
}

// Registration is what an editor gives to register a video.
type Registration struct {
	URL             string
	Words           Words
	Article         string // address of the article that will embed it; may be empty
	ArticleLanguage string // BCP 47
	ArticleTitle    string // what the page calls itself; may be empty
	Actor           string // empty: "local"
}

// Registered is the outcome of a registration.
type Registered struct {
	Video Video
	New   bool     // false: the source was known, and this is the video that owns it
	Notes []string // what could not be fetched, and why; for people
}

// Preview is what an address turns out to be, before anything is kept.
type Preview struct {
	Reference Reference
	Fetched   Fetched
	Standing  Standing // as the observations would make it
}

// Recognise says which source an address names, without asking anybody.
func (l *Library) Recognise(address string) (Reference, error) {
	_, ref, err := l.platforms.Recognise(address)
	return ref, err
}

// Preview asks the platform what the address is. Nothing is kept.
func (l *Library) Preview(ctx context.Context, address string) (Preview, error) {
	platform, ref, err := l.platforms.Recognise(address)
	if err != nil {
		return Preview{}, err
	}
	fetched, err := l.fetch(ctx, platform, ref)
	if err != nil {
		return Preview{}, err
	}
	p := Preview{Reference: ref, Fetched: fetched}
	p.Standing, _ = Judge(p.Standing, roundOf(ref.Key, fetched.Observations))
	return p, nil
}

// Register makes the video of an address, or finds the one that has it.
//
// The claim is taken before the record is written, so any number of callers, in
// any number of processes, with any form of the address, end with one video;
// whoever finds a claim whose record is missing writes that record. A source
// that is unreachable or gone is registered all the same, with a note.
func (l *Library) Register(ctx context.Context, r Registration) (Registered, error) {
	done, h, err := l.begin(ctx, r)
	if err != nil || h == nil {
		return done, err
	}
	return l.settle(ctx, done, *h)
}

// begin registers and captures. What was observed is still to be settled, where there is a hearing.
func (l *Library) begin(ctx context.Context, r Registration) (Registered, *Hearing, error) {
	platform, ref, err := l.platforms.Recognise(r.URL)
	if err != nil {
		return Registered{}, nil, err
	}
	if err := r.Check(); err != nil {
		return Registered{}, nil, err
	}
	done, err := l.claimed(ctx, ref, r)
	if err != nil {
		return Registered{}, nil, fmt.Errorf("registering %s: %w", ref.Key, err)
	}
	if err := l.place(ctx, r, done.Video.ID); err != nil {
		return Registered{}, nil, err
	}
	if src := done.Video.Source(ref.Key); src == nil || src.Described != nil {
		return done, nil, nil
	}
	return l.observe(ctx, platform, ref, done, r.actor())
}

// Check reports the first field that cannot be kept as a *FieldError; the address is left to Register.
func (r Registration) Check() error {
	if r.ArticleLanguage != "" && !ValidLanguage(r.ArticleLanguage) {
		return badLanguage("article.language", r.ArticleLanguage)
	}
	if r.Article != "" {
		if _, err := CanonicalAddress(r.Article); err != nil {
			return err
		}
	}
	return r.Words.Check()
}

func (r Registration) actor() string { return actorOr(r.Actor) }

func actorOr(actor string) string {
	if actor == "" {
		return "local"
	}
	return actor
}

// claimed returns the record of the video that owns the source, writing it if it is missing.
func (l *Library) claimed(ctx context.Context, ref Reference, r Registration) (Registered, error) {
	owner, err := l.store.Claim(ctx, ref.Key, NewVideoID())
	if err != nil {
		return Registered{}, err
	}
	v, err := serving(ctx, l.store, owner)
	if err == nil {
		return l.complete(ctx, v, ref, r)
	}
	if !errors.Is(err, ErrNotFound) {
		return Registered{}, err
	}
	created, err := l.store.Create(ctx, l.newVideo(owner, ref, r), Cause{Actor: r.actor(), Verb: "register"})
	if errors.Is(err, ErrExists) {
		v, err = serving(ctx, l.store, owner)
		return Registered{Video: v}, err
	}
	return Registered{Video: created, New: err == nil}, err
}

// complete adds the claimed source to its owner's record where a mirror's
// registration ended between the claim and the record.
func (l *Library) complete(ctx context.Context, v Video, ref Reference, r Registration) (Registered, error) {
	if v.Source(ref.Key) != nil || v.Visibility.Exposure == Erased {
		return Registered{Video: v}, nil
	}
	v, err := l.update(ctx, v.ID, Cause{Actor: r.actor(), Verb: "add-source"}, l.adding(ref))
	return Registered{Video: v}, err
}

func (l *Library) newVideo(id VideoID, ref Reference, r Registration) Video {
	now := l.now().UTC()
	v := Video{ID: id, Created: now, Updated: now, DefaultLanguage: r.ArticleLanguage, RegisteredBy: r.actor(), Sources: []Source{l.newSource(ref)}}
	r.Words.apply(&v)
	return v
}

func (l *Library) newSource(ref Reference) Source {
	return Source{SourceKey: ref.Key, URL: ref.URL, Added: l.now().UTC(), Start: ref.Start, End: ref.End}
}

func (l *Library) adding(ref Reference) func(*Video) error {
	return func(v *Video) error {
		if v.Source(ref.Key) == nil {
			v.Sources = append(v.Sources, l.newSource(ref))
		}
		return nil
	}
}

func (l *Library) place(ctx context.Context, r Registration, id VideoID) error {
	if r.Article == "" {
		return nil
	}
	article, err := NewArticle(r.Article, r.ArticleLanguage)
	if err != nil {
		return err
	}
	article.Title = r.ArticleTitle
	if err := l.store.Place(ctx, article, id); err != nil {
		return fmt.Errorf("noting the article %s: %w", article.URL, err)
	}
	return nil
}

// AddSource adds a mirror to a video. A source that another video owns gets an *OwnedError.
func (l *Library) AddSource(ctx context.Context, id VideoID, address, actor string) (Registered, error) {
	platform, ref, err := l.platforms.Recognise(address)
	if err != nil {
		return Registered{}, err
	}
	done, err := follow(id, func(id VideoID) (Registered, error) { return l.addSource(ctx, id, ref, actor) })
	if err != nil || !done.New {
		return done, err
	}
	return l.describeSource(changed(ctx), platform, ref, done, actorOr(actor))
}

// addSource claims a source for the very video of an id, and writes it into its record. New says that it
// was not there.
func (l *Library) addSource(ctx context.Context, id VideoID, ref Reference, actor string) (Registered, error) {
	v, err := l.store.Video(ctx, id)
	if err == nil {
		err = unlessErased(ctx, nothing)(&v) // before anything is claimed for nothing
	}
	if err != nil {
		return Registered{}, fmt.Errorf("adding a source to %s: %w", id, err)
	}
	owner, err := l.store.Claim(ctx, ref.Key, id)
	if err != nil {
		return Registered{}, fmt.Errorf("claiming %s: %w", ref.Key, err)
	}
	// A duplicate that was merged into the video may have claimed the source at that very moment.
	if owner != id && !slices.Contains(v.Aliases, owner) {
		return Registered{}, &OwnedError{Source: ref.Key, Owner: owner}
	}
	if v.Source(ref.Key) != nil {
		return Registered{Video: v}, nil
	}
	v, err = l.updateItself(ctx, id, Cause{Actor: actorOr(actor), Verb: "add-source"}, l.adding(ref))
	if err != nil {
		return Registered{}, fmt.Errorf("adding %s to %s: %w", ref.Key, id, err)
	}
	return Registered{Video: v, New: true}, nil
}

// nothing is a change that alters nothing.
func nothing(*Video) error { return nil }

// Prefer puts a source of the video first. A source that the video has not gets ErrNotFound.
func (l *Library) Prefer(ctx context.Context, id VideoID, key SourceKey, actor string) (Video, error) {
	return l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "prefer"}, func(v *Video) error {
		for i, s := range v.Sources {
			if s.SourceKey == key {
				copy(v.Sources[1:i+1], v.Sources[:i])
				v.Sources[0] = s
				return nil
			}
		}
		return fmt.Errorf("source %s of video %s: %w", key, id, ErrNotFound)
	})
}

// Describe changes the newsroom's words. Bad ones get a *FieldError and change nothing. Words for a
// revision that is no longer the newest get a *ConflictError, with the video as it is now.
func (l *Library) Describe(ctx context.Context, id VideoID, w Words, actor string) (Video, error) {
	if err := w.Check(); err != nil {
		return Video{}, err
	}
	v, err := l.update(ctx, id, Cause{Actor: actorOr(actor), Verb: "describe"}, func(v *Video) error {
		if w.Revision != 0 && w.Revision != v.Revision {
			return &ConflictError{Now: *v}
		}
		w.apply(v)
		return nil
	})
	if err == nil && len(w.ContentWarning) > 0 { // which changes how the poster is drawn
		l.makePoster(ctx, v)
	}
	return v, err
}
