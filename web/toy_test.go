package web_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"strings"
	"sync"

	"videoteca/archive"
	"videoteca/internal/posters"
	"videoteca/web"
)

// toy is a platform whose addresses are https://toy.example/{id} and whose every
// video plays, save that "unreachable" does not answer.
type toy struct{}

func (toy) Name() string { return "toy" }

func (toy) Recognise(address string) (archive.Reference, error) {
	id, ok := strings.CutPrefix(address, "https://toy.example/")
	if !ok {
		return archive.Reference{}, archive.ErrNotRecognised
	}
	if id == "" {
		return archive.Reference{}, archive.ErrNotAVideo
	}
	return archive.Reference{Key: archive.SourceKey{Platform: "toy", ID: id}, URL: address}, nil
}

func (toy) Fetch(_ context.Context, ref archive.Reference) (archive.Fetched, error) {
	o := archive.Observation{Source: ref.Key, Method: "toy", Host: "toy.example", At: now(), Outcome: archive.Playable}
	if ref.Key.ID == "unreachable" {
		o.Outcome, o.Reason = archive.Unclear, "no answer in time"
		return archive.Fetched{At: now(), Observations: []archive.Observation{o}}, nil
	}
	return archive.Fetched{Method: "toy", At: now(), Fields: archive.Fields{Title: "Toy " + ref.Key.ID}, Observations: []archive.Observation{o}}, nil
}

func (toy) Probe(context.Context, []string) ([]archive.Observation, error) { return nil, nil }

func (toy) Player() archive.Player {
	return archive.Player{Kind: archive.PlayerYouTube, Label: "Toy", Origin: "https://player.toy.example"}
}

// wall holds the posters of every video with a picture, unless it is empty.
type wall struct{ empty bool }

func (w *wall) Poster(_ context.Context, v archive.Video, width int) (posters.Picture, error) {
	if _, ok := v.Poster(); !ok {
		return posters.Picture{}, posters.ErrNoPoster
	}
	if w.empty {
		return posters.Picture{}, posters.ErrNotHeld
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, image.NewGray(image.Rect(0, 0, width, width*9/16)), nil); err != nil {
		return posters.Picture{}, err
	}
	return posters.Picture{Data: out.Bytes(), ETag: fmt.Sprintf(`"w%d"`, width), Modified: now(), Width: width}, nil
}

// pulse reports what it is told to.
type pulse struct {
	mu     sync.Mutex
	report web.ReadyReport
	asked  int
}

func (p *pulse) Ready(context.Context) web.ReadyReport {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.report
}
