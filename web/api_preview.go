package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"videoteca/archive"
)

// APIAddress is the address of a video.
type APIAddress struct {
	URL string `json:"url" format:"uri" doc:"Of a video's page or file" example:"https://www.youtube.com/watch?v=aaaaaaaaaaa"`
}

// APIPreview is what an address turns out to be. Nothing of it is kept.
type APIPreview struct {
	Source      string    `json:"source" doc:"platform:id" example:"youtube:aaaaaaaaaaa"`
	URL         string    `json:"url" format:"uri" doc:"Of the page for people, in its canonical form"`
	Known       string    `json:"known,omitempty" doc:"Id of the video that has the source already" example:"7k3mzq9x0abd"`
	State       string    `json:"state" enum:"live,limited,unchecked,suspect,gone" doc:"As it would be registered"`
	Outcome     string    `json:"outcome" enum:"playable,embedding-disabled,restricted,private,removed,missing,unclear" doc:"Of the answers just now"`
	Reason      string    `json:"reason,omitempty" doc:"Why it does not play, or could not be asked"`
	Title       string    `json:"title,omitempty" doc:"This and what follows: as the platform says"`
	Description string    `json:"description,omitempty" doc:"The text below it"`
	Channel     string    `json:"channel,omitempty" doc:"That published it"`
	Published   time.Time `json:"published,omitzero" doc:"When it was"`
	Seconds     float64   `json:"seconds,omitempty" doc:"Length"`
	Language    string    `json:"language,omitempty" doc:"BCP 47"`
}

type previewInput struct{ Body APIAddress }

type previewOutput struct{ Body APIPreview }

func (s *Server) previewAddress(ctx context.Context, in *previewInput) (*previewOutput, error) {
	if err := archive.CheckAddress("url", in.Body.URL); err != nil {
		return nil, err
	}
	found, err := s.library.Preview(ctx, in.Body.URL)
	if err != nil {
		return nil, fmt.Errorf("previewing: %w", err)
	}
	known, err := s.owner(ctx, found.Reference.Key)
	if err != nil {
		return nil, err
	}
	f := found.Fetched.Fields
	return &previewOutput{Body: APIPreview{
		Source: found.Reference.Key.String(), URL: found.Reference.URL, Known: string(known), State: found.Standing.State.String(),
		Outcome: cmp.Or(string(found.Standing.Outcome), "unclear"), Reason: found.Fetched.Reason(found.Reference.Key),
		Title: f.Title, Description: f.Description, Channel: f.Channel, Published: f.Published, Seconds: f.Seconds, Language: f.Language,
	}}, nil
}

// owner is the video that has the source already, empty for none.
func (s *Server) owner(ctx context.Context, key archive.SourceKey) (archive.VideoID, error) {
	id, err := s.catalog.BySource(ctx, key)
	if err != nil && !errors.Is(err, archive.ErrNotFound) {
		return "", fmt.Errorf("looking for %s: %w", key, err)
	}
	return id, nil
}
