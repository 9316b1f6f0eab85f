package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"videoteca/archive"
)

// APIRegisteredItem is what became of one of many registrations.
type APIRegisteredItem struct {
	URL      string           `json:"url" doc:"As it was sent" example:"https://www.youtube.com/watch?v=aaaaaaaaaaa"`
	Outcome  string           `json:"outcome" enum:"new,known,failed" doc:"known: a video had the source already"`
	Video    *APIVideo        `json:"video,omitempty" doc:"Unless it failed"`
	Warnings []string         `json:"warnings,omitempty" nullable:"false" doc:"What could not be fetched, and why; the video is registered all the same"`
	Problem  *huma.ErrorModel `json:"problem,omitempty" doc:"Why it failed, as the same registration alone would be answered"`
}

func (s *Server) registerMany(ctx context.Context, in *registerManyInput) (*pageOutput[APIRegisteredItem], error) {
	items := make([]APIRegisteredItem, len(in.Body.Items))
	var list []archive.Registration
	var at []int // where each of the list stands in the items
	for i, item := range in.Body.Items {
		registration, err := item.registration(ctx)
		if err != nil {
			items[i] = s.refused(ctx, i, item.URL, err)
			continue
		}
		list, at = append(list, registration), append(at, i)
	}
	for n, o := range s.sideBySide(ctx, list) {
		items[at[n]] = s.registeredItem(ctx, at[n], list[n].URL, o)
	}
	return &pageOutput[APIRegisteredItem]{Body: APIPage[APIRegisteredItem]{Items: items}}, nil
}

func (s *Server) registeredItem(ctx context.Context, i int, address string, o outcome) APIRegisteredItem {
	switch {
	case errors.Is(o.err, errLate):
		return s.refused(ctx, i, address, fmt.Errorf("registering the rest of many: %w", statusError(http.StatusServiceUnavailable)))
	case o.err != nil:
		return s.refused(ctx, i, address, fmt.Errorf("registering: %w", inAPI(o.err)))
	}
	v := NewAPIVideo(o.done.Video, s.baseURL(), "")
	item := APIRegisteredItem{URL: address, Outcome: "known", Video: &v, Warnings: o.done.Notes}
	if o.done.New {
		item.Outcome = "new"
	}
	return item
}

func (s *Server) refused(ctx context.Context, i int, address string, err error) APIRegisteredItem {
	f := faultOf(err)
	s.logFault(ctx, err, f)
	return APIRegisteredItem{URL: address, Outcome: "failed", Problem: s.problem(ctx, f, fmt.Sprintf("%sitems[%d].", inBody, i))}
}
