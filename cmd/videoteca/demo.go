package main

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"videoteca/archive"
	"videoteca/archive/archivetest"
	"videoteca/archive/youtube"
	"videoteca/web"
)

// demoHost is the make-believe platform's own host name: another origin than
// the service's, as a platform's is, and loopback for every browser (RFC 6761, 6.3).
const demoHost = "maketube.localhost"

// demoPlatform is its name in records.
const demoPlatform = "maketube"

// demoCopy is a drawn film of the meeting in the Oval Office, made by tools/draw-copy. The
// other meeting has none, so that both endings are seen.
//
//go:embed demo/copy.webm
var demoCopy []byte

// demo is the make-believe platform that plays beside the service.
type demo struct {
	platform *archivetest.Platform
	listener net.Listener
	base     string
	newsroom *newsroom
}

// prepareDemo opens the platform's listener and makes it known to the settings, as a second instance
// of the YouTube adapter. The demo has a store of its own unless one is named.
func prepareDemo(ctx context.Context, s *Settings, sv serveCommand, listen string) (*demo, error) {
	if !isLoopback(listen) || !isLoopback(sv.DemoPlatform) {
		return nil, fmt.Errorf("%w: --demo is for this machine alone: --listen and --demo-platform must be loopback addresses", errUsage)
	}
	if s.Store == "" {
		store, err := s.store()
		if err != nil {
			return nil, err
		}
		s.Store = filepath.Join(filepath.Dir(store), "videoteca-demo")
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", sv.DemoPlatform)
	if err != nil {
		return nil, fmt.Errorf("%w: --demo-platform: %w", errUsage, err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	d := &demo{listener: l, base: "http://" + net.JoinHostPort(demoHost, port)}
	d.platform = archivetest.New(archivetest.Options{BaseURL: d.base, TrustedOrigins: []string{"http://" + listen}})
	like := youtube.At(demoPlatform, "MakeTube", d.base, archivetest.ControlID)
	like.Key = "make-believe" // the platform takes any
	s.likes = append(s.likes, like)
	return d, d.platform.Add(archivetest.TwoMeetings()...)
}

// demoMark is the setting that says of a store that the demo created it.
const demoMark = "demo"

// owns reports whether the demo created the store, so that whoever is on this machine may be let in
// without a password. An empty one it makes its own.
func (d *demo) owns(ctx context.Context, n *newsroom) bool {
	ctx, cancel := context.WithTimeout(ctx, demoPatience)
	defer cancel()
	own, err := d.claim(ctx, n)
	if err != nil || !own {
		n.log.WarnContext(ctx, "this store is not the demo's own, so nobody is signed in without a password", slog.Any("error", err))
	}
	return own && err == nil
}

// demoPatience is how long a busy machine may take over a store that is still to be made.
const demoPatience = 30 * time.Second

func (d *demo) claim(ctx context.Context, n *newsroom) (bool, error) {
	var mark struct{}
	_, err := n.store.Setting(ctx, demoMark, &mark)
	if !errors.Is(err, archive.ErrNotFound) {
		return err == nil, err
	}
	if governed, err := n.people().Governed(ctx); err != nil || governed {
		return false, err
	}
	for _, err := range n.store.List(ctx) { // it has something of somebody's, or cannot be read
		return false, err
	}
	_, err = n.store.SaveSetting(ctx, demoMark, "", mark)
	return err == nil, err
}

// run serves the platform until ctx ends.
func (d *demo) run(ctx context.Context) {
	if err := d.platform.Serve(ctx, d.listener); err != nil {
		d.newsroom.log.ErrorContext(ctx, "the make-believe platform ended", slog.Any("error", err))
	}
}

// demoWords are what the demo's editors say of the two meetings.
func demoWords() map[string]archive.Words {
	date := func(s string) *string { return &s }
	return map[string]archive.Words{
		archivetest.NewYorkID: {
			DefaultLanguage: "es", EventDate: date("2019-09-25"),
			Title:   archive.Text{"es": "Reunión presidencial en Nueva York (simulación)", "en": "Presidential meeting in New York (simulation)"},
			Caption: archive.Text{"es": "25 de septiembre de 2019. Imágenes simuladas.", "en": "25 September 2019. Simulated footage."},
			Alt:     archive.Text{"es": "Dibujo de una sala con dos atriles vacíos", "en": "Drawing of a hall with two empty lecterns"},
		},
		archivetest.OvalOfficeID: {
			DefaultLanguage: "es", EventDate: date("2025-04-14"),
			Title:   archive.Text{"es": "Reunión presidencial en el Despacho Oval (simulación)", "en": "Presidential meeting in the Oval Office (simulation)"},
			Caption: archive.Text{"es": "14 de abril de 2025. Imágenes simuladas.", "en": "14 April 2025. Simulated footage."},
			Alt:     archive.Text{"es": "Dibujo de un despacho con dos sillones vacíos", "en": "Drawing of an office with two empty armchairs"},
		},
	}
}

// fill registers the two meetings. Where they are registered already, their newest state is asked for.
func (d *demo) fill(ctx context.Context) error {
	words := demoWords()
	for _, v := range archivetest.TwoMeetings() {
		done, err := d.newsroom.library.Register(ctx, archive.Registration{URL: d.watch(v.ID), Words: words[v.ID], ArticleLanguage: "es"})
		if err != nil {
			return fmt.Errorf("registering the demo's video %s: %w", v.ID, err)
		}
		if done.New {
			continue
		}
		if err := (checker{d.newsroom}).Check(ctx, []archive.VideoID{done.Video.ID}, "demo"); err != nil {
			return fmt.Errorf("checking the demo's video %s: %w", v.ID, err)
		}
		if err := d.newsroom.posters.Make(ctx, done.Video); err != nil {
			return fmt.Errorf("making the poster of the demo's video %s: %w", v.ID, err)
		}
	}
	return d.keepCopy(ctx)
}

// keepCopy gives the second meeting its copy and captions. Keeping the same again changes nothing.
func (d *demo) keepCopy(ctx context.Context) error {
	id, err := d.newsroom.catalog.BySource(ctx, archive.SourceKey{Platform: demoPlatform, ID: archivetest.OvalOfficeID})
	if err != nil {
		return fmt.Errorf("finding the demo's video: %w", err)
	}
	library := d.newsroom.library
	film := archive.Upload{Body: bytes.NewReader(demoCopy), Size: int64(len(demoCopy))}
	if _, err := library.AddCopy(ctx, id, film, archive.Rights{Text: "Dibujo de esta demostración / Drawn for this demonstration"}, "demo"); err != nil {
		return fmt.Errorf("keeping the demo's copy: %w", err)
	}
	for language, text := range map[string]string{
		"es": "WEBVTT\n\n00:00.000 --> 00:04.000\nSimulación: imágenes dibujadas, sin sonido.\n",
		"en": "WEBVTT\n\n00:00.000 --> 00:04.000\nSimulation: drawn footage without sound.\n",
	} {
		track := archive.Upload{Body: strings.NewReader(text), Size: int64(len(text))}
		if _, err := library.SetCaptions(ctx, id, language, track, "demo"); err != nil {
			return fmt.Errorf("keeping the demo's captions: %w", err)
		}
	}
	return nil
}

func (d *demo) watch(id string) string { return d.base + "/watch?v=" + id }

// Control implements web.Stage.
func (d *demo) Control() string { return d.base + "/_control" }

// Acts implements web.Stage.
func (d *demo) Acts(ctx context.Context) ([]web.Act, error) {
	var acts []web.Act
	for _, v := range archivetest.TwoMeetings() {
		id, err := d.newsroom.catalog.BySource(ctx, archive.SourceKey{Platform: demoPlatform, ID: v.ID})
		if err != nil {
			return nil, fmt.Errorf("finding the demo's video %s: %w", v.ID, err)
		}
		upstream, _ := d.platform.Video(v.ID) // it was added at the start
		acts = append(acts, web.Act{Video: id, State: string(upstream.State)})
	}
	return acts, nil
}

// Set implements web.Stage.
func (d *demo) Set(ctx context.Context, id archive.VideoID, state string) error {
	v, err := d.newsroom.catalog.Video(ctx, id)
	if err != nil {
		return err
	}
	for _, s := range v.Sources {
		if s.Platform != demoPlatform {
			continue
		}
		if err := d.platform.SetState(s.ID, archivetest.State(state)); err != nil {
			return fmt.Errorf("%w: %w", archive.ErrNotFound, err)
		}
		return checker{d.newsroom}.Check(ctx, []archive.VideoID{id}, "demo")
	}
	return fmt.Errorf("video %s is not on the stage: %w", id, archive.ErrNotFound)
}
