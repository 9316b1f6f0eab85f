package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
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
	s.sideBySide(len(items), func(i int, late bool) {
		registration := in.Body.Items[i]
		if late {
			items[i] = s.refused(ctx, i, registration.URL, fmt.Errorf("registering the rest of many: %w", statusError(http.StatusServiceUnavailable)))
			return
		}
		items[i] = s.registerOne(ctx, i, registration)
	})
	return &pageOutput[APIRegisteredItem]{Body: APIPage[APIRegisteredItem]{Items: items}}, nil
}

func (s *Server) registerOne(ctx context.Context, i int, r APIRegistration) APIRegisteredItem {
	registration, err := r.registration(ctx)
	if err != nil {
		return s.refused(ctx, i, r.URL, err)
	}
	done, err := s.library.Register(ctx, registration)
	if err != nil {
		return s.refused(ctx, i, r.URL, fmt.Errorf("registering: %w", inAPI(err)))
	}
	v := NewAPIVideo(done.Video, s.baseURL(), "")
	item := APIRegisteredItem{URL: r.URL, Outcome: "known", Video: &v, Warnings: done.Notes}
	if done.New {
		item.Outcome = "new"
	}
	return item
}

func (s *Server) refused(ctx context.Context, i int, address string, err error) APIRegisteredItem {
	f := faultOf(err)
	s.logFault(ctx, err, f)
	return APIRegisteredItem{URL: address, Outcome: "failed", Problem: s.problem(ctx, f, fmt.Sprintf("%sitems[%d].", inBody, i))}
}
